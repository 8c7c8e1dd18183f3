/*
 * A proof of work, found beside the page: in a worker, or in short slices of
 * the page's own thread where the browser starts no worker of modules.
 * Depends on proof-search.js.
 */

import { Search } from './proof-search.js';

const SLICE_MS = 12;
const STEP = 256;

const pause = () => new Promise((resolve) => { setTimeout(resolve); });

/* Rejects where no worker can be had: the slices follow. */
function inWorker(challenge, signal, tell) {
    return new Promise((resolve, reject) => {
        const worker = new Worker(new URL('./proof-worker.js', import.meta.url),
            { type: 'module' });
        const end = (settle, value) => {
            worker.terminate();
            settle(value);
        };

        signal?.addEventListener('abort', () => end(reject, signal.reason), { once: true });
        worker.addEventListener('error', (event) => {
            event.preventDefault();
            end(reject, new Error('no worker'));
        });
        worker.addEventListener('message', ({ data }) => {
            if (data.answer !== undefined) {
                end(resolve, data.answer);
            } else {
                tell(data.share);
            }
        });
        worker.postMessage(challenge);
    });
}

async function inSlices(challenge, signal, tell) {
    const search = new Search(challenge);

    for (;;) {
        const until = performance.now() + SLICE_MS;

        do {
            const answer = search.step(STEP);

            if (answer !== null) {
                return answer;
            }
        } while (performance.now() < until);

        tell(search.share());
        await pause();
        signal?.throwIfAborted();
    }
}

/*
 * The answer to { id, bits }.  "tell" hears how likely the end was by now;
 * "signal" stops the search (the promise is rejected with its reason).
 */
export async function solve(challenge, { signal, tell = () => {} } = {}) {
    signal?.throwIfAborted();

    try {
        return await inWorker(challenge, signal, tell);
    } catch {
        signal?.throwIfAborted();

        return inSlices(challenge, signal, tell);
    }
}
