/*
 * The language of the phone: one dictionary each, the texts of the service
 * (zh with _en beside), dates.
 * Depends on the dictionaries.
 */

import en from './text-en.js';
import zh from './text-zh.js';

const MINUTE_MS = 60000;
const COMMON = ['ok', 'cancel', 'back', 'close', 'retry', 'loading', 'colon', 'hotline', 'call',
    'required', 'privacy'];

const dictionaries = { zh, en };
let language = '';
let timezone = 480;

function ofPhone() {
    try {
        return String(wx.getAppBaseInfo().language);
    } catch (error) {
        return 'zh_CN';
    }
}

/* Chinese first: any other language than English reads Chinese. */
export function currentLanguage() {
    if (!language) {
        language = ofPhone().slice(0, 2).toLowerCase() === 'en' ? 'en' : 'zh';
    }

    return language;
}

/* Minutes east of Greenwich: the institute's clock, not the phone's. */
export function useTimezone(minutes) {
    timezone = minutes;
}

export const has = (key) => key in dictionaries[currentLanguage()];

export function t(key, values = {}) {
    return (has(key) ? dictionaries[currentLanguage()][key] : key)
        .replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}

/* The words a page or component needs: those that begin with its groups. */
export function words(...groups) {
    const all = dictionaries[currentLanguage()];

    return Object.fromEntries(Object.keys(all)
        .filter((key) => COMMON.includes(key)
            || groups.some((group) => key === group || key.startsWith(`${group}_`)))
        .map((key) => [key, all[key]]));
}

/* detail / detail_en, name / name_en ... of the service. */
export function pick(object, key) {
    return (currentLanguage() === 'en' && object && object[`${key}_en`])
        || (object && object[key]) || '';
}

/* { zh, en } of the service. */
export function label(object) {
    return (object && (object[currentLanguage()] || object.zh)) || '';
}

function dateWords(year, month, day) {
    return t('date', { year, month, day, name: t('months').split(' ')[month - 1] });
}

/* "2019-06-18" in the words of the language; anything else as it is. */
export function showDate(value) {
    const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value || '');

    return parts ? dateWords(Number(parts[1]), Number(parts[2]), Number(parts[3])) : value;
}

export function showTime(ms) {
    const at = new Date(ms + timezone * MINUTE_MS);
    const two = (n) => String(n).padStart(2, '0');

    return `${dateWords(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate())} `
        + `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/* A pasted number may carry spaces, also wide and invisible ones. */
export function trimmed(text) {
    return text.normalize('NFKC').replace(/[\s\u200b-\u200f\u2060\ufeff]/g, '');
}

export const sizeWords = (bytes) => `${Math.ceil(bytes / 1024)} KB`;

/* 12,345 in any engine: those of phones know no locales. */
export const grouped = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
