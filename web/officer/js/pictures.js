/*
 * Photos of the desk as object URLs, fetched once and ahead of time; what
 * is no longer near the case in hand is let go.
 * Depends on api.js.
 */

import { getPicture } from './api.js';

export class Pictures {
    constructor() {
        this.known = new Map();
    }

    /* Answers the URL; a failure is not kept. */
    get(id) {
        if (!this.known.has(id)) {
            const coming = getPicture(id).then(({ blob }) => URL.createObjectURL(blob));

            coming.catch(() => this.known.delete(id));
            this.known.set(id, coming);
        }

        return this.known.get(id);
    }

    keepOnly(ids) {
        for (const id of [...this.known.keys()].filter((one) => !ids.includes(one))) {
            this.known.get(id).then((url) => URL.revokeObjectURL(url), () => {});
            this.known.delete(id);
        }
    }
}
