/*
 * What the institute set: names, hot line, photo rules, contacts (GET site),
 * with what is known until the service answers: the last answer, or nothing.
 * Depends on config.js, api.js, keep.js, text.js.
 */

import { config } from '../config.js';
import { getSite } from './api.js';
import { keep, recall } from './keep.js';
import { currentLanguage, useTimezone } from './text.js';

const fallback = {
    answered: false, issuer: '', issuer_en: '', hotline: config.hotline, user_types: [], footer: [],
    privacy: null, review_time: '', captcha: null, recovery: true, password: null,
    photo: { min: 10000, max: 20480, width: 178, height: 220, dpi: 96, attempts: 5 },
    compare: { provider: 'manual', consent: null }, institutes: null, timezone: 480
};

let present = null;
let asking = null;

function merged(answer, answered) {
    const site = { ...fallback, ...answer, answered };

    site.hotline = site.hotline || config.hotline;
    site.photo = { ...fallback.photo, ...(answer && answer.photo) };
    useTimezone(site.timezone);

    return site;
}

/* Numbers stay usable without a network: what was answered last is kept. */
export function site() {
    if (!present) {
        present = merged(recall('site'), false);
    }

    return present;
}

/* Asks once at a time; throws a Problem where nothing was ever answered. */
export function loadSite() {
    if (site().answered) {
        return Promise.resolve(present);
    }

    if (!asking) {
        asking = getSite().then((answer) => {
            keep('site', answer);
            present = merged(answer, true);

            return present;
        }).finally(() => { asking = null; });
    }

    return asking;
}

/* The mini program's log-in needs a captcha: on unless the site says not. */
export function captchaWanted() {
    const { captcha } = site();

    return captcha !== null && typeof captcha === 'object' && captcha.mini !== 'off'
        && captcha.mini !== false;
}

/* "2个工作日" is set once, in Chinese. */
export function reviewTime() {
    const days = /^(\d+)\s*个工作日$/.exec(site().review_time);

    return days && currentLanguage() === 'en' ? `${days[1]} working days` : site().review_time;
}
