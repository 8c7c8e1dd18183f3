/*
 * Looks again where a comparison stands, ever more seldom, while the page is
 * to be seen; on return from the background at once.  Ends by itself.
 * Depends on api.js.
 */

import { getPhotoState } from './api.js';

const WAITS_MS = {
    pending: [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000],
    review: [5000, 15000, 30000, 60000, 60000, 60000]
};

export const isWaiting = (photo) => photo.state === 'pending' || photo.state === 'review';

export class Watch {
    /* "onChange" gets the new state; "onTired" is told that none came. */
    constructor(onChange, onTired) {
        this.onChange = onChange;
        this.onTired = onTired;
        this.photo = null;
        this.timer = 0;
        this.seen = true;
        this.turn = 0;
    }

    start(photo) {
        this.stop();

        if (isWaiting(photo)) {
            this.photo = photo;
            this.waits = [...WAITS_MS[photo.state]];
            this.next();
        }
    }

    stop() {
        this.turn += 1;
        this.photo = null;
        clearTimeout(this.timer);
    }

    hide() {
        this.seen = false;
        clearTimeout(this.timer);
    }

    show() {
        if (!this.seen) {
            this.seen = true;

            if (this.photo) {
                this.look();
            }
        }
    }

    next() {
        clearTimeout(this.timer);

        if (!this.seen) {
            return;
        }

        if (this.waits.length) {
            this.timer = setTimeout(() => this.look(), this.waits.shift());
        } else {
            this.photo = null;
            this.onTired();
        }
    }

    async look() {
        const turn = this.turn += 1;
        let now = null;

        clearTimeout(this.timer);

        try {
            now = await getPhotoState();
        } catch (problem) {
            if (problem.code === 'session_expired') {
                this.stop();
            }
        }

        if (turn !== this.turn || !this.photo) {
            return;
        }

        if (now && (now.state !== this.photo.state || now.at !== this.photo.at)) {
            this.photo = null;
            this.onChange(now);
        } else {
            this.next();
        }
    }
}
