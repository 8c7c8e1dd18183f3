/*
 * The search for a proof of work: a decimal number n so that the SHA-256 of
 * "id:n" starts with so many zero bits.  In steps, so that whoever runs it
 * can say how far it is and stop.
 * Depends on sha256.js; runs in the page, in a worker and under Node.
 */

import { Digest } from './sha256.js';

const DIGITS = 20;
const ZERO = 48;
const NINE = 57;

function zeroBits(words) {
    let bits = 0;

    for (const word of words) {
        bits += Math.clz32(word);

        if (word) {
            break;
        }
    }

    return bits;
}

export class Search {
    constructor({ id, bits }) {
        this.bits = bits;
        this.digest = new Digest(new TextEncoder().encode(`${id}:`), DIGITS);
        this.size = 1;
        this.tried = 0;
        this.digest.room[this.digest.from] = ZERO;
    }

    /* Adds one to the number where it stands, digit by digit. */
    next() {
        const { room, from } = this.digest;
        let at = from + this.size - 1;

        while (at >= from && room[at] === NINE) {
            room[at] = ZERO;
            at -= 1;
        }

        if (at >= from) {
            room[at] += 1;
            return;
        }

        room.copyWithin(from + 1, from, from + this.size);
        room[from] = ZERO + 1;
        this.size += 1;
    }

    number() {
        const { room, from } = this.digest;

        return String.fromCharCode(...room.subarray(from, from + this.size));
    }

    /* Tries "count" numbers; answers the one that is it, or null. */
    step(count) {
        for (let i = 0; i < count; i += 1) {
            this.tried += 1;

            if (zeroBits(this.digest.digest(this.size)) >= this.bits) {
                return this.number();
            }

            this.next();
        }

        return null;
    }

    /* How likely it was to be found by now, 0 to 1: never ahead of itself. */
    share() {
        return 1 - Math.exp(-this.tried / 2 ** this.bits);
    }
}
