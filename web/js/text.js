/*
 * The language of the page: one dictionary each, the texts of the service
 * (zh with _en beside), dates.
 * Depends on the dictionaries and keep.js.
 */

import { keep, recall } from './keep.js';
import en from './text-en.js';
import zh from './text-zh.js';

const dictionaries = { zh, en };
const NAMES = { zh: 'zh-CN', en: 'en' };
const MINUTE_MS = 60000;

/* Words only some pages need. */
export function addWords(words) {
    Object.assign(zh, words.zh);
    Object.assign(en, words.en);
}

let language = 'zh';
let timezone = 480;

/* The one chosen before, else the browser's first of ours, else Chinese. */
export function chooseLanguage() {
    const wanted = [recall('language'), ...(navigator.languages || [])];

    useLanguage(wanted.map((name) => String(name).slice(0, 2).toLowerCase())
        .find((name) => Object.hasOwn(dictionaries, name)) || 'zh');
}

export function useLanguage(name, remember = false) {
    language = name;
    document.documentElement.lang = NAMES[name];

    if (remember) {
        keep('language', name);
    }
}

export const currentLanguage = () => language;

/* Minutes east of Greenwich: the institute's clock, not the visitor's. */
export function useTimezone(minutes) {
    timezone = minutes;
}

function put(text, values) {
    return text.replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place);
}

export function t(key, values = {}) {
    return put(dictionaries[language][key] ?? key, values);
}

export const has = (key) => Object.hasOwn(dictionaries[language], key);

/* detail / detail_en, name / name_en ... of the service. */
export function pick(object, key) {
    return (language === 'en' && object?.[`${key}_en`]) || object?.[key] || '';
}

/* { zh, en } of the service. */
export function label(object) {
    return object?.[language] || object?.zh || '';
}

function words(year, month, day) {
    return t('date', { year, month, day, name: t('months').split(' ')[month - 1] });
}

/* "2019-06-18" in the words of the language; anything else as it is. */
export function showDate(value) {
    const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value || '');

    return parts ? words(Number(parts[1]), Number(parts[2]), Number(parts[3])) : value;
}

export function showTime(ms) {
    const at = new Date(ms + timezone * MINUTE_MS);
    const two = (n) => String(n).padStart(2, '0');

    return `${words(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate())} `
        + `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}
