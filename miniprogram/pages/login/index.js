/*
 * 1.1-2 the login page, and the page the program opens with (S05): user type,
 * number, password, captcha, 忘记密码？ under it (S11).
 */

import { logIn, session } from '../../utils/api.js';
import { keep, recall } from '../../utils/keep.js';
import { enter, pageUrl, toPassword } from '../../utils/nav.js';
import { makePage } from '../../utils/page.js';
import { asProblem, linesOf, wordsOf } from '../../utils/problem.js';
import { captchaWanted, loadSite, site } from '../../utils/site.js';
import { label, pick, t, trimmed } from '../../utils/text.js';

const CAPTCHA = ['captcha_wrong', 'captcha_expired', 'captcha_needed'];

makePage({
    groups: ['login', 'user_type', 'member_no', 'password', 'forgot', 'newcomer'],
    title: 'login',

    data: {
        issuer: '', types: [], type: '', number: '', password: '', captcha: false,
        said: null, faults: {}, captchaFault: '', recovery: true
    },

    onLoad({ said }) {
        if (session()) {
            enter();
            return;
        }

        this.draw();

        if (said === 'expired') {
            this.say('warn', [t('login_expired'), t('login_expired_more')]);
        } else if (said === 'out') {
            this.say('good', [t('login_out')]);
        } else if (said === 'changed') {
            this.say('good', [t('login_changed')]);
        }

        this.load();
    },

    async load() {
        try {
            await loadSite();
            this.draw();
        } catch (error) {
            this.draw();
            this.say('bad', linesOf(asProblem(error)), true);
        }
    },

    draw() {
        const types = site().user_types.map((type) => ({ value: type.code, words: label(type) }));
        const last = this.data.type || recall('user_type');

        this.setData({
            types, hotline: site().hotline, issuer: pick(site(), 'issuer'),
            type: types.some((type) => type.value === last) ? last : (types[0] || { value: '' }).value,
            captcha: this.data.captcha || captchaWanted(), recovery: site().recovery
        });
    },

    say(kind, lines, again = false) {
        this.setData({ said: lines.length ? { kind, lines, again } : null });
    },

    again() {
        this.setData({ said: null });
        this.load();
    },

    onType({ detail }) {
        this.setData({ type: detail.value });
    },

    onNumber({ detail }) {
        this.data.number = detail.value;
    },

    trimNumber() {
        this.setData({ number: trimmed(this.data.number) });
    },

    onPassword({ detail }) {
        this.data.password = detail.value;
    },

    box() {
        return this.selectComponent('.captcha-box');
    },

    /* What is missing, by field; null when all is there. */
    missing() {
        const { number, password } = this.data;
        const faults = {};

        if (!trimmed(number)) {
            faults.number = t('login_need_number');
        }

        if (!password) {
            faults.password = t('login_need_password');
        }

        return Object.keys(faults).length ? faults : null;
    },

    async submit() {
        const faults = this.missing();
        const answer = this.data.captcha ? this.box().read() : {};

        this.trimNumber();
        this.setData({ faults: faults || {}, said: null, captchaFault: faults ? '' : answer.words || '' });

        if (faults || answer.words) {
            return;
        }

        await this.work('login', () => this.send(answer.captcha));
    },

    async send(captcha) {
        const { type, password } = this.data;

        try {
            const answer = await logIn({
                user_type: type, member_no: trimmed(this.data.number), password,
                ...(captcha ? { captcha } : {})
            });

            keep('user_type', type);
            this.data.password = '';

            if (answer.password_expired) {
                toPassword();
            } else {
                enter();
            }
        } catch (error) {
            this.refused(asProblem(error));
        }
    },

    /*
     * A captcha is used up by any answer (I01): there is a new one each time.
     * What was typed stays, the password as well (I02).
     */
    refused(problem) {
        const ofCaptcha = CAPTCHA.includes(problem.code);
        const had = this.data.captcha;

        this.setData({
            captcha: had || ofCaptcha, number: this.data.number, password: this.data.password,
            captchaFault: ofCaptcha && had ? wordsOf(problem.errors[0]) : ''
        });

        if (had) {
            this.box().refresh();
        }

        if (!ofCaptcha) {
            this.say('bad', problem.code === 'login_failed'
                ? [t('login_failed'), t('login_failed_more')] : linesOf(problem));
        } else if (!had) {
            this.say('warn', [wordsOf(problem.errors[0])]);
        }
    },

    forgot() {
        wx.navigateTo({ url: pageUrl('forgot', `type=${this.data.type}`) });
    },

    newcomer() {
        wx.navigateTo({ url: pageUrl('forgot', `kind=activation&type=${this.data.type}`) });
    }
});
