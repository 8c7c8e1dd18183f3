/*
 * Where the comparison of an uploaded photo stands (S24-S26), in words; the
 * prompts 比对成功 and 比对失败 once each.
 * Depends on keep.js, site.js, text.js.
 */

import { keep, recall } from './keep.js';
import { reviewTime, site } from './site.js';
import { pick, showTime, t } from './text.js';

const contactOf = (photo) => photo.contact || site().hotline;

function mismatch(photo) {
    return photo.may_upload
        ? t('state_mismatched_more', { n: photo.attempts, attempts: photo.most })
        : t('state_used', { attempts: photo.most, contact: contactOf(photo) });
}

/* Why, where the officer said so, and who can help. */
function more(photo) {
    const reason = pick(photo, 'reason');

    return [
        ...(reason ? [t('state_reason', { reason })] : []),
        ...(photo.may_upload ? [t('state_contact', { contact: contactOf(photo) })] : [])
    ];
}

/* The lines under the photo; none where there is nothing to say. */
export function stateLines(photo) {
    switch (photo.state) {
    case 'pending':
        return [t('state_pending'), t('state_pending_more')];
    case 'review':
        return [t('state_review', { review_time: reviewTime() }),
            t('state_since', { time: showTime(photo.at) })];
    case 'matched':
        return [t('state_matched')];
    case 'mismatched':
        return [mismatch(photo), ...more(photo)];
    default:
        return photo.may_upload ? [] : [mismatch(photo)];
    }
}

export const stateKind = (photo) =>
    ({ matched: 'good', mismatched: 'bad', review: 'info', pending: 'info' })[photo.state] || 'warn';

/* A result the member has not seen yet, as a prompt; else null. */
export function resultPrompt(photo) {
    const mark = `${photo.state} ${photo.at}`;

    if (!['matched', 'mismatched'].includes(photo.state) || recall('result') === mark) {
        return null;
    }

    keep('result', mark);

    return photo.state === 'matched'
        ? { heading: t('state_matched'), kind: 'good', lines: [t('state_matched_more')] }
        : { heading: t('state_mismatched'), kind: 'bad', lines: [mismatch(photo), ...more(photo)] };
}
