/** What chance begins with: of the environment, to see the same again that has failed; or any. */
export function fleetSeed(): number {
  return Number(process.env['FLEET_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
}
