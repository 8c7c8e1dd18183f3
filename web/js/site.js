/*
 * What the institute set: names, hot line, footer, photo rules, contacts
 * (GET site), with what the page itself knows until the service answers.
 * Depends on api.js and text.js.
 */

import { getSite } from './api.js';
import { useTimezone } from './text.js';

/* The hot line stands in the page itself, for browsers without script too. */
const written = document.querySelector('[data-hotline]')?.dataset.hotline || '';

const fallback = {
    answered: false,
    issuer: '', issuer_en: '', hotline: written, user_types: [], footer: [],
    privacy: { url: '/privacy.html', version: '' }, review_time: '',
    photo: { min: 10000, max: 20480, width: 178, height: 220, dpi: 96, attempts: 5 },
    compare: { provider: 'manual', consent: null }, institutes: null, timezone: 480, languages: ['zh', 'en'],
    mini_program: null, recovery: false, captcha: { web: 'off', mini: 'off' },
    password: { profile: 'nist', min: 10, max: 256 },
    layouts: [], verify: { photo: false }
};

let present = fallback;

export const site = () => present;

/* Quietly keeps the fallback when the service does not answer. */
export async function loadSite() {
    try {
        const answer = await getSite();

        present = { ...fallback, ...answer, answered: true };
        present.hotline ||= written;
        present.photo = { ...fallback.photo, ...answer.photo };
        useTimezone(present.timezone);
    } catch {
        present = fallback;
    }

    return present;
}
