/*
 * Proof of work: the number n for which SHA-256("id:n") begins with as many
 * zero bits as asked.  In slices, so that the page stays alive: phones give a
 * mini program one thread.
 * Depends on shared/sha256.js.
 */

import { Digest } from './shared/sha256.js';

const SLICE_MS = 24;
const BATCH = 64;
const DIGITS = 20;

/* Of letters of one byte; phones have no TextEncoder. */
const bytesOf = (text) => Uint8Array.from([...text], (letter) => letter.charCodeAt(0));

function zeroBits(words) {
    let bits = 0;

    for (const word of words) {
        bits += Math.clz32(word);

        if (word !== 0) {
            return bits;
        }
    }

    return bits;
}

/* The bits "n" gives behind what the digest began with. */
function bitsOf(digest, n) {
    const text = String(n);

    for (let i = 0; i < text.length; i += 1) {
        digest.room[digest.from + i] = text.charCodeAt(i);
    }

    return zeroBits(digest.digest(text.length));
}

/**
 * Resolves to the answer, or to null when "control.stopped" was set;
 * "onProgress" is told the share (0 to 1) by which an answer was to be
 * expected.
 *
 * @param {{ stopped?: boolean }} control
 * @param {(share: number) => void} onProgress
 */
export function solve(id, bits, control = {}, onProgress = () => {}) {
    const digest = new Digest(bytesOf(`${id}:`), DIGITS);
    let n = 0;

    return new Promise((resolve) => {
        function slice() {
            const end = Date.now() + SLICE_MS;

            do {
                for (let i = 0; i < BATCH; i += 1, n += 1) {
                    if (bitsOf(digest, n) >= bits) {
                        resolve(String(n));
                        return;
                    }
                }
            } while (Date.now() < end);

            if (control.stopped) {
                resolve(null);
                return;
            }

            onProgress(1 - Math.exp(-n / 2 ** bits));
            setTimeout(slice, 0);
        }

        slice();
    });
}
