'use strict';

/* The two dictionaries: whole, alike, to the letter, and the web site's words where both say the same. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { install, load, source } = require('../lib/fake-wx.js');

/* What is said of a phone and a mini program and not of a browser and a page, or has another place. */
const DIFFERENT = ['forgot', 'login_failed_more', 'fit_stage', 'fit_hint', 'fit_failed', 'unfit_broken', 'unfit_kind',
    'unfit_heic', 'state_pending_more'];

const THE_LETTER = ['用户类型', '会员编号', '密码', '验证码', '登录', '忘记密码？', '会员电子证书', '信息确认并下载会员证',
    '没有查询到照片信息', '获取照片信息失败', '确定', '上传照片', '比对成功', '比对失败', '完善信息', '保存并提交信息',
    '请您先将基础信息中的必填信息补充完整…', '仅供预览，以PDF为准', '咨询电话：', '用户名密码错误'];

function dictionaries() {
    install();

    return { zh: load('utils/text-zh.js').default, en: load('utils/text-en.js').default };
}

const places = (text) => (text.match(/\{\w+\}/g) || []).sort();

test('both languages have the same words, with the same places for values', () => {
    const { en, zh } = dictionaries();

    assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());

    for (const key of Object.keys(zh)) {
        if (key !== 'date') {       // its months have names or numbers
            assert.deepEqual(places(en[key]), places(zh[key]), key);
        }
    }
});

test('S06-S39 the manual\'s words are there to the letter', () => {
    const words = new Set(Object.values(dictionaries().zh));

    assert.deepEqual(THE_LETTER.filter((one) => !words.has(one)), []);
});

test('no English word has Chinese in it', () => {
    const { en } = dictionaries();

    assert.deepEqual(Object.keys(en).filter((key) => /[\u4e00-\u9fff]/.test(en[key])), []);
});

test('a word both clients know by the same name is the same word', async () => {
    const { en, zh } = dictionaries();

    for (const [name, mine] of [['zh', zh], ['en', en]]) {
        const file = path.join(source.TOP, `web/js/text-${name}.js`);
        const text = fs.readFileSync(file, 'utf8').replace('export default', 'return');
        const theirs = new Function(text)();
        const wrong = Object.keys(mine).filter((key) => key in theirs && mine[key] !== theirs[key]
            && !DIFFERENT.includes(key) && !/^(profile|forgot|password|login|new)_/.test(key) && !/^(problem|captcha)_/.test(key));

        assert.deepEqual(wrong.map((key) => `${key}: ${mine[key]} | ${theirs[key]}`), []);
    }
});

test('every word that is asked for exists in a group the page names; none is unused', () => {
    const { zh } = dictionaries();
    const { words } = load('utils/text.js');
    const all = source.list().filter((name) => /\.(js|wxml)$/.test(name) && !/text-\w+\.js$|shared\//.test(name))
        .map((name) => source.read(name)).join('\n');
    const wrong = [];

    for (const name of source.parts().keys()) {
        const groups = /groups: \[([^\]]*)\]/.exec(source.read(`${name}.js`));
        const known = words(...(groups ? groups[1].match(/\w+/g) : []));

        wrong.push(...[...source.read(`${name}.wxml`).matchAll(/\bt\.(\w+)/g)]
            .filter(([, key]) => !(key in known)).map(([, key]) => `${name}: ${key}`));
    }

    for (const [, key] of all.matchAll(/\bt\('(\w+)'/g)) {
        if (!(key in zh)) {
            wrong.push(key);
        }
    }

    assert.deepEqual(wrong, []);

    const computed = /^(rule_|unfit_|problem_|forgot_by_|forgot_need_|profile_format_|state_|rule_words_)/;
    const unused = Object.keys(zh).filter((key) => !computed.test(key)
        && !new RegExp(`\\b${key}\\b`).test(all));

    assert.deepEqual(unused, []);
});

test('I16 Chinese first; English where the phone speaks it; dates in the institute\'s zone', () => {
    for (const [language, expected] of [['zh_CN', 'zh'], ['en', 'en'], ['en_US', 'en'], ['fr', 'zh'], ['', 'zh']]) {
        const fake = install();

        fake.language = language;
        assert.equal(load('utils/text.js').currentLanguage(), expected, language);
    }

    install();

    const { grouped, showDate, showTime } = load('utils/text.js');

    assert.equal(showDate('2019-06-18'), '2019年6月18日');
    assert.equal(showDate('男'), '男');
    assert.equal(showTime(Date.UTC(2026, 10, 23, 19, 5)), '2026年11月24日 03:05');
    assert.equal(grouped(1234567), '1,234,567');
    assert.equal(grouped(999), '999');
});
