/*
 * The challenge a form is sent with, solved without the visitor: fetched and
 * worked at ahead, used once, and a new one taken where the service says it
 * is too old.
 * Depends on api.js, proof.js.
 */

import { getChallenge } from './api.js';
import { solve } from './proof.js';

const MARGIN_MS = 15000;
const TRIES = 3;

const ABOUT = ['captcha_needed', 'captcha_wrong', 'captcha_expired'];

/* Whether a refusal is about the challenge and nothing the visitor wrote. */
export const aboutCaptcha = ({ code }) => ABOUT.includes(code);

export class Captcha {
    /* Ends with "signal"; "line" shows that somebody waits: proofLine(). */
    constructor(signal, line) {
        this.signal = signal;
        this.line = line;
        this.ready = null;
        this.wanted = false;
    }

    async make() {
        const began = Date.now();
        const { id, bits, expires_in: seconds } = await getChallenge(this.signal);
        const answer = await solve({ id, bits }, {
            signal: this.signal, tell: (share) => this.line.tell(share)
        });
        const margin = Math.min(MARGIN_MS, seconds * 250);

        return { captcha: { id, answer }, until: began + seconds * 1000 - margin };
    }

    /* Begins while the form is filled in, if it has not yet. */
    warm() {
        if (!this.ready) {
            this.ready = this.make();
            this.ready.catch(() => { this.ready = null; });
        }
    }

    async next() {
        this.warm();

        const made = await this.ready;

        this.ready = null;

        return made;
    }

    /* One that was not used and, unless the device is very slow, still good. */
    async take() {
        this.line.begin();

        try {
            const made = await this.next();

            return (made.until > Date.now() ? made : await this.next()).captcha;
        } finally {
            this.line.end();
        }
    }

    /*
     * Calls send(captcha) and answers what it does: without one until the
     * service wants it unless "always", and with a new one each time.
     */
    async send(send, always) {
        this.wanted ||= always;

        for (let n = 1; ; n += 1) {
            const captcha = this.wanted ? await this.take() : undefined;

            try {
                return await send(captcha);
            } catch (problem) {
                if (!aboutCaptcha(problem) || n === TRIES) {
                    throw problem;
                }

                this.wanted = true;
            }
        }
    }
}
