export { createApp } from './app.ts'
export type { ApiDependencies, ApiSettings, TrustedIssuer } from './dependencies.ts'
export { apiSettings } from './settings.ts'
export { allRoutes } from './routes/all.ts'
