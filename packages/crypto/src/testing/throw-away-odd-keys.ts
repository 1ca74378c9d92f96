/**
 * Private keys that were made once with OpenSSL 3.0 for these tests and thrown away: they protect nothing.
 * All are the key of P-256 of throw-away-keys.ts; each table is by the command of OpenSSL that wrote its keys.
 */
import { armoured } from './armoured.ts'

/** Beyond Latin-1, and beyond the Basic Multilingual Plane. */
export const UNICODE_PASSPHRASE = 'pässwört 😀'

/** With the passphrase `UNICODE_PASSPHRASE`. */
export const UNICODE: Readonly<Record<string, string>> = {
  'pkcs8 -topk8 -v2 aes-256-cbc': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhCTPqbzQnL8wICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEB2eUbJxh3FQmQv/Bcs1SUAEgZBP
QhaJ09MlO8EU+4uFMTvhIy4HCoQjwh52G1+HL18q2ZT8Bb7Qr4RBNo6cB+OuK4ce
X2t/IEkPmo0aGhIE8kHP1fvaaGbhdzz0x4IhPYmDQOgJ/qa7xoQqtmf5CmH4kCDt
GrfsdJM8L9EACxWCHynKtD9KMD2MzyN6V3W5Q6vJ6aj5TkBVMkozvns2DF7LllA=
`,
  ),
  'pkcs8 -topk8 -v1 PBE-SHA1-3DES': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIGxMBwGCiqGSIb3DQEMAQMwDgQIA7dUjL/72WYCAggABIGQF1NIPEO0TKHmwn4g
/5GXY3Enub+EAlZV0myrUJ+qN1hbhOoVxwiQAyZlWIeV2zrWY5jcCmHgxvUm5e6v
ASWbvRipS2Q0QFSBz96ghdEmJitwgvUSkj8+qmKYLoZ64P7Kj0Z+O0B1xC9NcEve
RWO0LCfl809teKOyNXww2WQ9OUSeOrwBY4uFUwjVlO403kx4
`,
  ),
  'pkcs8 -topk8 -v1 PBE-SHA1-3DES, as OpenSSL 1.0 spells it': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIGxMBwGCiqGSIb3DQEMAQMwDgQIjm4GsjpjbIwCAggABIGQeSNpUC+1RydpNHrd
SB8K3CTHb4BMTc94dHcMUWBMB4grrT+1lUyVdsjSc+Y81FESHiwHiuvGgF3rn5gn
08ZUWfnqI93jV6u30ftekTT4fVKp2dIB/ixMRoc82/2YaRFm2fyrETyktEFcJOrx
vw397z5Qd2m2Ab1vxTcqacQRm3BVJJwsZtdtG27DRoFVOHKD
`,
  ),
  'ec -aes256': armoured(
    'EC PRIVATE KEY',
    `
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-256-CBC,DA0302CE5E2B185BD356F7986A029883

qN5NufBxxiTtGB/7XGeTw+j2z+eiYDHoWfOs2XWvDPqpDlcRjYNfLoNPV2Q/CLZf
jf1XBIBzXEjEfpv7WOuulONPDV/FbEp5eBmbst0sXYYROyd4+TDhcjz5hCaTLLb+
f0U+CRsKL77YR0ywbGznEsqIGwStXrMx7tYkm4b50aU=
`,
  ),
}

/** With an empty passphrase; in the legacy way OpenSSL writes none. */
export const EMPTY: Readonly<Record<string, string>> = {
  'pkcs8 -topk8 -v2 aes-256-cbc': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh4fgVE1cPQqgICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEN0nHnZYBu3G9fs1c3oW6dYEgZC+
PHDKbpGMdVziDnodwS4VckadYKYg1OzwUZzhhTITv8nUmMsYjl9jniMBS9OaHL2+
KrZuuLZYzBeWQ/ZAn8tORiX3QCctnX5UBQBPQd5Iq5LxvLn8VXYpMAroTrtUB0xu
FCfZg5chqQOVEswJDWylTvF7FLLYLakT7G5jic+S4ZdiKLWCzVmppBURGsvvo8I=
`,
  ),
  'pkcs8 -topk8 -v1 PBE-SHA1-3DES': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIGxMBwGCiqGSIb3DQEMAQMwDgQIxf5UlSbrJc0CAggABIGQQ7Q9O2sfF3LzvcUa
0dsko7njCZYnORJZ8DxdlswsIVXkhGrUtIuA8Yb6GCBhbYXQwKgSkHmiefOEIRpO
k4KIc7AQ868+IMTEjd/a0wPV1aIxcuL1ZnmpcbKdeqq20Fw3r9HHWCfLwIgfqYLx
yuFa0Dqau3PG0xZcCfLPOkNXXejFGS/+R26LETLEFQb69L87
`,
  ),
}

/** With the passphrase `PASSPHRASE`, in schemes that are not read or cost too much. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  'pkcs8 -topk8 -v2 camellia-128-cbc': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIHuMFkGCSqGSIb3DQEFDTBMMCkGCSqGSIb3DQEFDDAcBAhaoYAsHncGSQICCAAw
DAYIKoZIhvcNAgkFADAfBgsqgwiMmks9AQEBAgQQYTlvoUt3WNY6n84yamy4ugSB
kBNPdgAmlGHyW7zhJsiHWOqK0s+zkq2sBUfcZiY4RZlcJoU6N+3t3xoMj6+lLiev
ysBfh89qas3IzOmPVgMT1PjYGmMpT3kyywLMMr0LTW/NAj1dXIMI3VODBwR+g6Hy
BOoBifK3ZXkj+B5NQ4TnVydFfPwA+wkq+pw0hJGZAmk+6Wwv4Ytm+edy+JNQcFSk
Mg==
`,
  ),
  'pkcs8 -topk8 -v2 rc2': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIHrMFYGCSqGSIb3DQEFDTBJMCwGCSqGSIb3DQEFDDAfBAgIrma9YrbWLgICCAAC
ARAwDAYIKoZIhvcNAgkFADAZBggqhkiG9w0DAjANAgE6BAiGR0t/j3gqawSBkETx
VPe+Bzj30ewANsCnx18PdPoqtv1DEhFwB5xIJkboDjaGbnZl6HhLz9z14XnZ9BpH
yHaP9c4i1J2NBtqmHDXLnR2QxxRcP2ptbIvFHoFK4MyXSONsBIbhKon5TBNlaHDf
CGCJXZu5NFeVa/X1EvztvlpeIhqgsKTRCwGMcigND0xqx6ikb5rJ7VX9nBOPzw==
`,
  ),
  'pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithMD5': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgEXUYurHrNngICCAAw
DAYIKoZIhvcNAgYFADAdBglghkgBZQMEASoEEIZ1XcBuwyXhApobXKmmHGcEgZD5
jRFgRnnFugH+lha0429HEHxkLz120mxU+5xWExijAFzMa2FGp33UarHfEsBTxlpi
407M91Mo/VESZteWjvmyVv9bfKy40FmAL2Tkqw/o4nmdQ5EQIpyw7StDQAoDBHMW
TU/YtDZf10ylWNhuNljl+CAhGP5yI6sEzZXkWDjFRQ9n03nkHNQaLx6euSfwXGE=
`,
  ),
  'pkcs8 -topk8 -v1 PBE-SHA1-RC2-40': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIGxMBwGCiqGSIb3DQEMAQYwDgQIwOQQM/zSkQoCAggABIGQL79DndQZb5UxYPke
GtU9s5IkVkeZbC2M+5ScrdCnLhRdhqg/LslK79dhkaEBYSw+b5tpvyfVOHOLXmTA
MuQK72XpAjS7lV8jZx9rF9LRO/S39YFFUbAa8DZy5Wg4NANKEKSGnHnbZapPpue8
S+7o+KJ+EpvG9l0kmi8Kp9u7KAYEG0lp7r9sKEL+HlNawe7T
`,
  ),
  'ec -camellia128': armoured(
    'EC PRIVATE KEY',
    `
Proc-Type: 4,ENCRYPTED
DEK-Info: CAMELLIA-128-CBC,DDC25E3BDABFBFB7C63FFDE46CD51032

jRlYYi4/LvSfXxnQG5N3aF8lX9TSLVoN4uOl/V2nuKBkojprgP9Q1dldmmNg9eBl
czcVdXPsJPIbQ/C4bhkEuRvvl9wA6drSGtlLPwkPGMcdv0xBsdrlF2u0xbR1g0ZW
A66s+vS9AoCqmplO7xH3QvPKPfjG/sPhsW4N8jhsCsg=
`,
  ),
  'pkcs8 -topk8 -v2 aes-256-cbc -iter 100001': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIHtMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAj2N5Qqxr60oAIDAYah
MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBCtkkXlmtF3QBN0YxCPH8kFBIGQ
mU4/KT8ZZqrLwCtBZt6WoJoV37UbH5iH83DNQKNfSfyPCx5q+D400TKbO3vp8aQS
5rO+ogzHcKNwiTV80Fe+GBehbpoOSo4hIqSNnod3Tl27eQhglDyaqEJh09QkCXFU
Ol+IbqeGwO5vsccroDuG3Qt31B7Ls4TG7vLj2xJ/lnikzjHbzrX6IJlDeR3qbc4w
`,
  ),
  'pkcs8 -topk8 -scrypt -scrypt_p 2': armoured(
    'ENCRYPTED PRIVATE KEY',
    `
MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAhbxZh/nz4/wwICQAAC
AQgCAQIwHQYJYIZIAWUDBAEqBBBHktbSzvdidWtZa280JXmABIGQmTOzpB/YQWNc
XNgLHpeJ4sGiBu778WhXXK0LB6k+esKmhVhZKR5VvuBOk9bvG2SXB/1GivFe3GHM
cBSDCehcFWkLVrq3z3T5ey1M1VyC4DFnRXrmMpZv/ZXYtsDqAPNeWxhd71JxEOwP
LqaruDvXv3GdsOZNv2T4k5twS/536au16havODTWSAx+/7C6d9qO
`,
  ),
}

/** Not encrypted, of kinds that are not read. */
export const FOREIGN: Readonly<Record<string, string>> = {
  'ecparam -name secp256k1 -genkey -noout': armoured(
    'EC PRIVATE KEY',
    `
MHQCAQEEID8Z5tiYpLlWRmNBlATO7VA+jXKmDI9XGiErpVTjvnJmoAcGBSuBBAAK
oUQDQgAERneL3rDEwmSYA3+tWsd0UIxQT6WkQaOr4qdaQL3iRC/l1pW4bVfeA12K
rPsRB122OI9+/jLQqdARyjVomSfQfQ==
`,
  ),
  'ecparam -name prime256v1 -genkey -noout -param_enc explicit': armoured(
    'EC PRIVATE KEY',
    `
MIIBaAIBAQQgnnJmiuw6TNoEjWId9Sn/+BsOKc6qkOVkdv0muxOTUkOggfowgfcC
AQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////
MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57Pr
vVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEE
axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54W
K84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8
YyVRAgEBoUQDQgAEnx659Ip/75AcpIutWyCtpzCcvlcXATw9PKm6Hd8hAUJB2oEc
8gS2+RYXHMHRMzMVby2aGW1gAmrnj2uMtZSGRQ==
`,
  ),
  'genpkey -algorithm ed448': armoured(
    'PRIVATE KEY',
    `
MEcCAQAwBQYDK2VxBDsEOTltJgvHj49ttEr27a8rvY+MVBI1RnStmVyYeCSsSSng
cQu5V6EukKxRKkgI8NrbtLdB+srNe0yCtg==
`,
  ),
  'genpkey -algorithm x25519': armoured(
    'PRIVATE KEY',
    `
MC4CAQAwBQYDK2VuBCIEIHg4lZSIseV/giO7eULFfQBx3xthUWrDW93F0gJYQYNe
`,
  ),
}
