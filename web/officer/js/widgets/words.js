/*
 * Small words of the desk: how long something waits, states of a case,
 * user types, what the provider said.
 * Depends on the site's site.js, text.js.
 */

import { site } from '/js/site.js';
import { has, label, t } from '/js/text.js';

const MINUTE_MS = 60000;
const HOUR = 60;
const DAY = 24 * HOUR;
const SCORE_ONE = 10000;

/* How long it has waited. */
export function waited(at) {
    const minutes = Math.max(0, Math.floor((Date.now() - at) / MINUTE_MS));

    if (minutes < 1) {
        return t('waited_none');
    }

    if (minutes < HOUR) {
        return t('waited_minutes', { n: minutes });
    }

    return minutes < 2 * DAY
        ? t('waited_hours', { n: Math.floor(minutes / HOUR) })
        : t('waited_days', { n: Math.floor(minutes / DAY) });
}

/* A word of the service's that has one of ours, else as it is. */
function word(kind, value) {
    return has(`${kind}_${value}`) ? t(`${kind}_${value}`) : value;
}

export const stateWord = (state) => word('case', state || 'none');

export function providerWords(provider) {
    if (!provider) {
        return t('provider_none');
    }

    const { result, score } = provider;

    return [word('provider', result),
        Number.isFinite(score) ? t('provider_score', { score: (score / SCORE_ONE).toFixed(3) }) : '']
        .filter(Boolean).join(' · ');
}

export function typeWord(code) {
    const type = site().user_types.find((one) => one.code === code);

    return type ? label(type) : code;
}
