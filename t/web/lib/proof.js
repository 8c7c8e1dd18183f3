'use strict';

/*
 * A proof of work found by hand, for what the tests send without a browser:
 * the decimal number that gives "id:number" enough zero bits.
 */

const { createHash } = require('node:crypto');

function zeroBits(digest) {
    const at = digest.findIndex((byte) => byte !== 0);

    return at < 0 ? digest.length * 8 : at * 8 + Math.clz32(digest[at]) - 24;
}

function search(id, bits) {
    for (let n = 0; ; n += 1) {
        if (zeroBits(createHash('sha256').update(`${id}:${n}`).digest()) >= bits) {
            return String(n);
        }
    }
}

/* What goes into "captcha" of a body. */
async function proof(url) {
    const answer = await fetch(`${url}/api/captcha?kind=work`);

    if (!answer.ok) {
        throw new Error(`GET captcha: ${answer.status} ${await answer.text()}`);
    }

    const { id, bits } = await answer.json();

    return { id, answer: search(id, bits) };
}

module.exports = { proof };
