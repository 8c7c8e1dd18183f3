/*
 * The language of the check page, remembered together with the site's.
 * Depends on the dictionaries beside it, the site's keep.js.
 */

import { keep, recall } from '/js/keep.js';
import en from './text-en.js';
import zh from './text-zh.js';

const words = { zh, en };

let language = 'zh';

export const currentLanguage = () => language;

export function useLanguage(name, remember = false) {
    language = name;
    document.documentElement.lang = name === 'zh' ? 'zh-CN' : name;

    if (remember) {
        keep('language', name);
    }
}

/* The one chosen before, else the browser's first of ours, else Chinese. */
export function chooseLanguage() {
    useLanguage([recall('language'), ...navigator.languages]
        .map((name) => String(name).slice(0, 2).toLowerCase())
        .find((name) => Object.hasOwn(words, name)) || 'zh');
}

export const t = (key, values = {}) => (words[language][key] ?? key)
    .replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

/* name / name_en of the service. */
export const pick = (object, key) =>
    (language === 'en' && object[`${key}_en`]) || object[key] || '';

/* "2026-11-23" in words; anything else as it is. */
export function showDate(value) {
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) || [];

    return year ? t('date', {
        year, month: Number(month), day: Number(day), name: t('months').split(' ')[month - 1]
    }) : value;
}
