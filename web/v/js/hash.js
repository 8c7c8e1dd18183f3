/*
 * Digests and signatures, by the browser where it has them: pages that did
 * not come over https have no crypto.subtle, and then a signature cannot be
 * checked.
 * Depends on the site's sha256.js, which is fetched only then.
 */

const { subtle } = globalThis.crypto || {};
const LABEL = new TextEncoder().encode('membercert statement 1');
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

export const canVerify = Boolean(subtle);

/* SHA-256 of the bytes, in hexadecimal. */
export async function digest(bytes) {
    if (!subtle) {
        return (await import('/js/sha256.js')).sha256(bytes);
    }

    return [...new Uint8Array(await subtle.digest('SHA-256', bytes))]
        .map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function signedBy({ x, y }, statement) {
    const data = new Uint8Array(LABEL.length + statement.signed.length);

    data.set(LABEL);
    data.set(statement.signed, LABEL.length);

    try {
        const key = await subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x, y }, CURVE, false,
            ['verify']);

        return await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, statement.signature,
            data);
    } catch {
        return false;
    }
}

/*
 * "true", "false", or why that cannot be said: "no_crypto", "no_keys" (null
 * was given), "no_key" (made with one that is not among them).
 */
export async function signature(statement, keys) {
    if (!canVerify || !keys) {
        return canVerify ? 'no_keys' : 'no_crypto';
    }

    const ours = keys.filter(({ id }) => id === statement.key);
    const answers = await Promise.all(ours.map((key) => signedBy(key, statement)));

    return ours.length ? String(answers.includes(true)) : 'no_key';
}
