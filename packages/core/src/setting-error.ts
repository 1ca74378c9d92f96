/** A setting that cannot be used. The message is one line that names it and says what it should be. */
export class SettingError extends Error {
  constructor(setting: string, shouldBe: string, options?: ErrorOptions) {
    super(`${setting} ${shouldBe}`, options)
    this.name = 'SettingError'
  }
}
