import { metaOf, type Deployment, type OnPremContext } from './deployment.ts'
import { OnPremError, unauthenticated } from './errors.ts'
import type { OnPremUser } from './seed.ts'
import { toExpiresAfter } from './sessions.ts'

/** POST users/login: Basic credentials, and a new password where one is due, for a bearer token. */
export function logIn(deployment: Deployment, c: OnPremContext): Response {
  const user = readBasic(deployment, c.req.header('authorization'))
  if (c.var.fields.encoding === 'broken') throw new OnPremError(1025, 'Body is not valid JSON')
  const newPassword = c.var.fields.values.get('new_password')
  if (newPassword === undefined && user.mustChangePassword === true)
    throw new OnPremError(1024, 'Send new_password to change the password of this user')
  if (newPassword !== undefined) changePassword(deployment, user, newPassword)
  const session = deployment.sessions.open(user, deployment.surroundings.clock.now())
  return c.json({
    users: [{ token: session.token, expires_after: toExpiresAfter(session.expiresAt) }],
    meta: metaOf(deployment),
  })
}

/** POST users/logout: the token is worthless from here on. */
export function logOut(deployment: Deployment, c: OnPremContext): Response {
  deployment.sessions.close(c.var.session.token)
  return c.json({ meta: metaOf(deployment) })
}

function readBasic(deployment: Deployment, header: string | undefined): OnPremUser {
  const encoded = header?.match(/^Basic +(\S+)$/i)?.[1]
  if (encoded === undefined) throw unauthenticated('No credentials given')
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  const user = deployment.users.get(decoded.slice(0, Math.max(colon, 0)))
  if (user === undefined || user.password !== decoded.slice(colon + 1))
    throw unauthenticated('Invalid username or password')
  return user
}

/** 8 to 64 characters with a digit, an upper-case, a lower-case and a special one. */
function changePassword(deployment: Deployment, user: OnPremUser, password: string): void {
  const long = password.length >= 8 && password.length <= 64
  const mixed = [/\d/, /[A-Z]/, /[a-z]/, /[^A-Za-z0-9]/].every((each) => each.test(password))
  if (!long || !mixed)
    throw new OnPremError(
      1009,
      'new_password must have 8 to 64 characters: a digit, an upper-case letter, a lower-case letter and a special character',
    )
  deployment.users.set(user.name, { ...user, password, mustChangePassword: false })
}
