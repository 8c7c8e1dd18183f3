/*
 * The search in a thread of its own: takes { id, bits }, tells { share } on
 * the way and { answer } at the end.  Ended from outside.
 * Depends on proof-search.js.
 */

import { Search } from './proof-search.js';

const STEP = 8192;

addEventListener('message', ({ data }) => {
    const search = new Search(data);
    let answer = search.step(STEP);

    while (answer === null) {
        postMessage({ share: search.share() });
        answer = search.step(STEP);
    }

    postMessage({ answer });
});
