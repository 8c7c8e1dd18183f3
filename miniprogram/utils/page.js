/*
 * What every page shares: words of the language, the hot line, the prompt
 * (as a promise), one piece of work at a time, failures in words, the
 * password again where the service wants it.
 * Depends on api.js, problem.js, site.js, text.js.
 */

import { confirmSession } from './api.js';
import { asProblem, linesOf } from './problem.js';
import { site } from './site.js';
import { currentLanguage, t, words } from './text.js';

/* The password on the page that is on top; false where it was not given. */
export async function askPassword() {
    const pages = getCurrentPages();
    const page = pages[pages.length - 1];

    return page && page.promptPassword ? page.promptPassword() : false;
}

/* Another page is opened for these. */
const ELSEWHERE = ['session_expired', 'password_expired'];

/**
 * "groups" are those of the dictionary, "title" a key of it; the rest is what
 * Page() takes.  A page's own onLoad is called after the words are there.
 *
 * @typedef {{ groups: string[], title: string, data?: Record<string, any>,
 *     onLoad?: Function, onUnload?: Function, [method: string]: any }} Parts
 * @param {Parts & ThisType<any>} parts
 */
export function makePage({ groups, title, data = {}, onLoad, onUnload, ...rest }) {
    Page({
        data: {
            t: words(...groups), lang: currentLanguage(), hotline: '', dialog: null, busy: '', failed: null, ...data
        },

        onLoad(query) {
            this.alive = true;
            this.setData({ hotline: site().hotline });
            wx.setNavigationBarTitle({ title: t(title) });

            return onLoad && onLoad.call(this, query || {});
        },

        onUnload() {
            this.alive = false;

            if (this.answer) {
                this.answer('');
            }

            return onUnload && onUnload.call(this);
        },

        /* Resolves to the button pressed, '' where the page was left. */
        prompt({ heading = '', lines = [], list = [], kind = '', buttons, hotline = true, entry = null }) {
            if (this.answer) {
                this.answer('');
            }

            return new Promise((resolve) => {
                this.answer = (value) => {
                    this.answer = null;
                    resolve(value);
                };
                this.setData({
                    dialog: {
                        heading: heading || t('prompt'), lines, list, kind, entry,
                        buttons: buttons || [{ value: 'ok', words: t('ok'), main: true }],
                        hotline: hotline ? site().hotline : ''
                    }
                });
            });
        },

        onDialog({ detail }) {
            const { answer } = this;

            this.typed = detail.typed || '';
            this.setData({ dialog: null });

            if (answer) {
                answer(detail.value);
            }
        },

        /* Asked until it is right or taken back; the page below stays as it is. */
        async promptPassword() {
            for (let fault = ''; ;) {
                const pressed = await this.prompt({
                    heading: t('confirm_title'), lines: [t('confirm_lead')],
                    entry: { label: t('password'), fault },
                    buttons: [{ value: 'cancel', words: t('cancel') },
                        { value: 'ok', words: t('confirm_button'), main: true }]
                });
                const password = this.typed;

                this.typed = '';

                if (pressed !== 'ok') {
                    return false;
                }

                fault = password ? await this.wrongPassword(password) : t('confirm_empty');

                if (!fault) {
                    return true;
                }
            }
        },

        /* What is wrong with it, '' where it is the one. */
        async wrongPassword(password) {
            try {
                await confirmSession(password);
            } catch (problem) {
                if (problem.code === 'password_wrong') {
                    return t('confirm_wrong');
                }

                throw problem;
            }

            return '';
        },

        promptProblem(error) {
            const problem = asProblem(error);
            const lines = linesOf(problem);

            return ELSEWHERE.includes(problem.code) || problem.declined || !this.alive ? Promise.resolve('')
                : this.prompt({
                    kind: 'bad', lines: lines.length === 1 ? lines : [],
                    list: lines.length === 1 ? [] : lines
                });
        },

        /* The page cannot be shown: why, with a way to try again. */
        fail(error) {
            const problem = asProblem(error);

            if (!ELSEWHERE.includes(problem.code) && this.alive) {
                this.setData({ failed: linesOf(problem), hotline: site().hotline });
            }
        },

        /*
         * One piece of work at a time, however often it is tapped; "name"
         * stands in "busy" meanwhile.  What fails is prompted.
         */
        async work(name, body) {
            if (this.working) {
                return;
            }

            this.working = true;
            this.setData({ busy: name });

            try {
                await body();
            } catch (error) {
                await this.promptProblem(error);
            } finally {
                this.working = false;

                if (this.alive) {
                    this.setData({ busy: '' });
                }
            }
        },

        ...rest
    });
}

export const fromEvent = (event, name) => event.currentTarget.dataset[name];
