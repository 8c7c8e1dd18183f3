/*
 * 忘记密码 (S11, I04) and 新入会会员查询 (S03), in steps: who, the code that
 * was sent to the contact on file, a new password.  A code from the institute
 * leads to the last steps as well.  No log-in by itself.  Where the site
 * sends no codes, the hot line and the institutes' contacts stand here.
 */

import { confirmRecovery, recover } from '../../utils/api.js';
import { makePage } from '../../utils/page.js';
import { pageUrl } from '../../utils/nav.js';
import { asProblem, linesOf, wordsOf } from '../../utils/problem.js';
import { captchaWanted, loadSite, site } from '../../utils/site.js';
import { label, pick, t, trimmed } from '../../utils/text.js';

const CAPTCHA = ['captcha_wrong', 'captcha_expired', 'captcha_needed'];
const MINUTE_S = 60;

makePage({
    groups: ['forgot', 'user_type', 'member_no', 'new'],
    title: 'forgot_title',

    data: {
        ready: false, kind: 'recovery', step: 'who', types: [], channels: [], off: false,
        type: '', number: '', name: '', idNumber: '', channel: 'phone', code: '', password: '',
        again: '', institute: false, captcha: false, captchaFault: '', faults: {}, said: null,
        sent: '', contacts: [], rule: ''
    },

    onLoad({ kind, type }) {
        this.recovery = '';
        this.setData({
            kind: kind === 'activation' ? 'activation' : 'recovery', type: type || '',
            channels: ['phone', 'email'].map((value) => ({ value, words: t(`forgot_by_${value}`) }))
        });

        if (kind === 'activation') {
            wx.setNavigationBarTitle({ title: t('forgot_newcomer') });
        }

        this.load();
    },

    async load() {
        try {
            await loadSite();
        } catch (error) {
            this.setData({ said: { kind: 'bad', lines: linesOf(asProblem(error)) } });
        }

        const types = site().user_types.map((one) => ({ value: one.code, words: label(one) }));
        const { type } = this.data;

        this.setData({
            ready: true, types, off: site().recovery === false, hotline: site().hotline,
            type: types.some((one) => one.value === type) ? type : (types[0] || { value: '' }).value,
            captcha: captchaWanted(),
            rule: site().password ? t('new_rule', { min: site().password.min }) : '',
            contacts: (site().institutes || []).map((one) => ({
                code: one.code, name: pick(one, 'name'),
                line: `${one.contact || ''} ${one.phone || ''}`.trim()
            }))
        });
    },

    onChange(event) {
        this.setData({ [event.currentTarget.dataset.field]: event.detail.value });
    },

    say(kind, lines) {
        this.setData({ said: lines.length ? { kind, lines } : null });
    },

    box() {
        return this.selectComponent('.captcha-box');
    },

    /* Words for each that is empty; true when none is. */
    filled(...fields) {
        const faults = Object.fromEntries(fields.filter((field) => !this.data[field].trim())
            .map((field) => [field, t(`forgot_need_${field}`)]));

        this.setData({ faults });

        return !Object.keys(faults).length;
    },

    /* --- who */

    byInstitute() {
        this.recovery = '';
        this.setData({ institute: true, step: 'code', said: null, faults: {}, code: '' });
    },

    ask() {
        const needed = ['name', 'idNumber', ...(this.data.kind === 'recovery' ? ['number'] : [])];
        const whole = this.filled(...needed);
        const answer = this.data.captcha ? this.box().read() : {};

        this.setData({ captchaFault: whole ? answer.words || '' : '', said: null });

        return whole && !answer.words
            ? this.work('ask', () => this.sendWho(answer.captcha)) : undefined;
    },

    async sendWho(captcha) {
        const { kind, type, number, name, idNumber, channel } = this.data;

        try {
            const answer = await recover(kind, {
                user_type: type, ...(kind === 'recovery' ? { member_no: trimmed(number) } : {}),
                name: name.trim(), id_number: trimmed(idNumber).toUpperCase(), channel,
                ...(captcha ? { captcha } : {})
            });

            this.recovery = answer.recovery;
            this.setData({
                step: 'code', institute: false, code: '', sent: t('forgot_sent', {
                    n: Math.round(answer.expires_in / MINUTE_S), where: t(`forgot_by_${channel}`)
                })
            });
        } catch (error) {
            this.refusedWho(asProblem(error));
        }
    },

    refusedWho(problem) {
        const ofCaptcha = CAPTCHA.includes(problem.code);
        const had = this.data.captcha;

        this.setData({
            captcha: had || ofCaptcha,
            captchaFault: ofCaptcha && had ? wordsOf(problem.errors[0]) : ''
        });

        if (had) {
            this.box().refresh();
        }

        if (problem.code === 'recovery_off') {
            this.setData({ off: true });
        } else if (!ofCaptcha || !had) {
            this.say(ofCaptcha ? 'warn' : 'bad', linesOf(problem));
        }
    },

    /* --- code */

    toWho() {
        this.setData({ step: 'who', institute: false, said: null, faults: {} });
    },

    haveCode() {
        if (this.filled('code', ...(this.data.institute ? ['number'] : []))) {
            this.setData({ step: 'new', said: null });
        }
    },

    /* --- new password */

    toCode() {
        this.setData({ step: 'code', said: null, faults: {} });
    },

    confirm() {
        const { password, again } = this.data;

        if (!this.filled('password', 'again')) {
            return undefined;
        }

        if (password !== again) {
            this.setData({ faults: { again: t('new_differs') } });
            return undefined;
        }

        return this.work('confirm', () => this.sendNew());
    },

    async sendNew() {
        const { type, number, code, password, institute } = this.data;

        try {
            await confirmRecovery(institute
                ? { user_type: type, member_no: trimmed(number), code: code.trim().toUpperCase(), password }
                : { recovery: this.recovery, code: trimmed(code), password });
            await this.prompt({
                heading: t('forgot_done'), kind: 'good', hotline: false,
                lines: [t('forgot_done_more')]
            });
            wx.reLaunch({ url: pageUrl('login', 'said=changed') });
        } catch (error) {
            this.refusedNew(asProblem(error));
        }
    },

    /* A wrong code is to be typed anew; a weak password is said beside it. */
    refusedNew(problem) {
        if (problem.code === 'recovery_refused') {
            this.setData({ step: 'code', code: '' });
            this.say('bad', linesOf(problem));
        } else if (/^password_/.test(problem.code)) {
            this.setData({ faults: { password: linesOf(problem).join(' ') } });
        } else {
            this.say('bad', linesOf(problem));
        }
    }
});
