/** What chance begins with: of the environment, to see again what has failed; or any. */
export function fleetSeed(): number {
  return Number(process.env['FLEET_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
}

/** How many stories are told: of the environment, where somebody has the time; or as many. */
export function storyCount(usual: number): number {
  return Number(process.env['FLEET_STORIES'] ?? usual)
}
