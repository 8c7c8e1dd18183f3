/*
 * Where the comparison of an uploaded photo stands (S24-S26): its words, the
 * prompts 比对成功 and 比对失败 once each, and looking again for a while.
 * Depends on api.js, dom.js, keep.js, site.js, text.js, dialog.js, hotline.js.
 */

import { getPhotoState } from '../api.js';
import { h } from '../dom.js';
import { keep, recall } from '../keep.js';
import { site } from '../site.js';
import { currentLanguage, showTime, t } from '../text.js';
import { prompt } from './dialog.js';
import { withPhones } from './hotline.js';

const WAITS_MS = {
    pending: [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000],
    review: [5000, 15000, 30000, 60000, 60000, 60000]
};

export const isWaiting = (photo) => photo.state === 'pending' || photo.state === 'review';

/* "2个工作日" is set once, in Chinese. */
export function reviewTime() {
    const days = /^(\d+)\s*个工作日$/.exec(site().review_time);

    return days && currentLanguage() === 'en'
        ? `${days[1]} working days` : site().review_time;
}

const contactOf = (photo) => photo.contact || site().hotline;

function mismatch(photo) {
    return h('p', {}, photo.may_upload
        ? t('state_mismatched_more', { n: photo.attempts, attempts: photo.most })
        : withPhones(t('state_used', { attempts: photo.most, contact: contactOf(photo) })));
}

/* Why, where the officer said so, and who can help. */
function more(photo) {
    return [
        photo.reason ? h('p', {}, t('state_reason', { reason: photo.reason })) : null,
        photo.may_upload
            ? h('p', {}, withPhones(t('state_contact', { contact: contactOf(photo) }))) : null
    ];
}

/* The words under the photo; null where there is nothing to say. */
export function stateWords(photo) {
    switch (photo.state) {
    case 'pending':
        return [h('p', {}, t('state_pending')),
            h('p', { class: 'aside' }, t('state_pending_more')),
            h('p', { class: 'aside' },
                withPhones(t('state_contact', { contact: contactOf(photo) })))];
    case 'review':
        return [h('p', {}, t('state_review', { review_time: reviewTime() })),
            h('p', { class: 'aside' }, t('state_since', { time: showTime(photo.at) }))];
    case 'matched':
        return h('p', {}, t('state_matched'));
    case 'mismatched':
        return [mismatch(photo), ...more(photo)];
    default:
        return photo.may_upload ? null : mismatch(photo);
    }
}

export const stateKind = (photo) =>
    ({ matched: 'good', mismatched: 'bad', review: 'info', pending: 'info' })[photo.state] || 'warn';

/* Prompts a result the member has not seen yet. */
export async function promptResult(photo) {
    const mark = `${photo.state} ${photo.at}`;

    if (!['matched', 'mismatched'].includes(photo.state) || recall('result') === mark) {
        return;
    }

    keep('result', mark);

    const matched = photo.state === 'matched';

    await prompt({
        title: t(`state_${photo.state}`),
        body: matched ? h('p', {}, t('state_matched_more')) : [mismatch(photo), more(photo)],
        kind: matched ? 'dialog-good' : 'dialog-bad'
    });
}

function pause(ms, signal) {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);

        signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
        });
    });
}

function visible(signal) {
    return new Promise((resolve) => {
        const look = () => {
            if (!document.hidden || signal.aborted) {
                document.removeEventListener('visibilitychange', look);
                resolve();
            }
        };

        document.addEventListener('visibilitychange', look);
        signal.addEventListener('abort', look);
        look();
    });
}

/*
 * Looks again, ever more seldom, while the page is to be seen; answers the
 * new state, or null when there was none in all that time.
 */
export async function waitForResult(photo, signal) {
    for (const ms of WAITS_MS[photo.state] || []) {
        await pause(ms, signal);
        await visible(signal);

        if (signal.aborted) {
            return null;
        }

        try {
            const now = await getPhotoState(signal);

            if (now.state !== photo.state) {
                return now;
            }
        } catch (problem) {
            if (problem.code === 'session_expired') {
                return null;
            }
        }
    }

    return null;
}
