/**
 * What tasks load by themselves when they are first due. Where modules are fetched one by one, as a test runner does it,
 * whoever asks first would have everybody else wait for its fetch.
 */
import '../audit/anchor.ts'
import '../operations/key/settle.ts'
import '../operations/notices/certificates.ts'
