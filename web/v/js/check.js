/*
 * All that can be found out about a code or a statement: what the service
 * says now, whether the signature is genuine, what differs, the photo.
 * Depends on hash.js, statement.js, the site's api.js.
 */

import { call } from '/js/api.js';
import { digest, signature } from './hash.js';
import { readStatement } from './statement.js';

const TIME_MS = 8000;

/* "signal", or the end of patience. */
function patience(signal) {
    const abort = new AbortController();

    setTimeout(() => abort.abort(), TIME_MS);
    signal.addEventListener('abort', () => abort.abort());

    return abort.signal;
}

/*
 * { state, answer }: the service's word, "unknown", or why there is none:
 * "network", "too_many" (with "wait" in seconds), "busy".
 */
async function ask(code, signal) {
    try {
        const answer = await call('GET', `verify/${code}`, { signal: patience(signal) });

        return { state: answer.status, answer };
    } catch ({ code: why, status, wait }) {
        const state = why === 'code_unknown' ? 'unknown' : why === 'network' ? 'network'
            : status === 429 ? 'too_many' : 'busy';

        return { state, answer: null, wait };
    }
}

/* The public keys; null where they cannot be had. */
async function getKeys(signal) {
    try {
        return (await call('GET', 'keys', { signal: patience(signal) })).keys;
    } catch {
        return null;
    }
}

const same = ({ text, cut }, value) => (cut ? value.startsWith(text) : value === text);

/* Names of the fields the statement and the service do not agree on. */
function differences(statement, answer) {
    return !statement || !answer?.name ? [] : [
        ...['name', 'number', 'category'].filter((key) => !same(statement[key], answer[key] || '')),
        ...statement.date === answer.at ? [] : ['at']
    ];
}

/* { url, same }: "same" is null without a statement to compare with. */
async function getPhoto({ code }, statement, signal) {
    try {
        const { blob } = await call('GET', `verify/${code}/photo`, { kind: 'file', signal });
        const hash = await digest(new Uint8Array(await blob.arrayBuffer()));

        return {
            url: URL.createObjectURL(blob),
            same: statement && hash.startsWith(statement.photo)
        };
    } catch {
        return { url: null, same: null };
    }
}

/* "input" is of readInput(); a result is for views/result.js and file.js. */
export async function check(input, signal) {
    const [online, keys] = await Promise.all([ask(input.code, signal), getKeys(signal)]);
    const { answer } = online;
    const statement = input.statement || readStatement(answer?.statement || '');
    const sign = statement ? await signature(statement, keys) : 'none';
    const trusted = sign === 'false' ? null : statement;
    const photo = answer?.photo ? await getPhoto(input, trusted, signal) : null;
    const differ = differences(trusted, answer);

    /* one is made for each confirmation, and recorded: no second one is genuine */
    if (trusted && input.digits && answer?.statement && answer.statement !== input.digits) {
        differ.push('statement');
    }

    if (photo?.same === false) {
        differ.push('photo');
    }

    return { input, ...online, statement: trusted, key: statement?.key, sign, photo, differ };
}
