'use strict';

/* The prompt: words, hot line, 【确定】 (S02, S21), a password, in WeChat's simulator. */

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { draw, settle, tap, textOf } = require('../lib/simulate.js');

test('S02 S21 words, the numbers in them, the hot line, and the button that was pressed', async () => {
    const { component, parent } = draw('components/dialog-box/index', { model: null });
    const answers = [];

    component.addEventListener('answer', (event) => answers.push(event.detail.value));
    await settle();
    assert.equal(textOf(parent), '');

    component.setData({
        model: {
            heading: '提示', lines: ['没有查询到照片信息'], list: ['甲 0571-88250337'], kind: 'bad',
            hotline: '010-88250337/0338',
            buttons: [{ value: 'no', words: '取消' }, { value: 'ok', words: '确定', main: true }]
        }
    });
    await settle();
    assert.match(textOf(parent), /提示 ?没有查询到照片信息.*甲 0571-88250337.*咨询电话：010-88250337\/0338 ?取消 ?确定/);

    assert.match(parent.innerHTML, /data-digits="01088250338"[^>]*>0338</);

    await tap(component, '.dlg-press', 1);
    assert.deepEqual(answers, ['ok']);
});

test('I06 a password is typed in it, shown when asked, handed over, and forgotten with the prompt', async () => {
    const model = (fault) => ({
        heading: '请输入密码确认身份', lines: ['再次输入'], entry: { label: '密码', fault },
        buttons: [{ value: 'cancel', words: '取消' }, { value: 'ok', words: '确认', main: true }]
    });
    const { component, parent } = draw('components/dialog-box/index', { model: model('') });
    const answers = [];

    component.addEventListener('answer', (event) => answers.push([event.detail.value, event.detail.typed]));
    await settle();
    assert.match(textOf(parent), /请输入密码确认身份 ?再次输入 ?密码 ?显示 ?取消 ?确认/);
    component.instance.onEntry({ detail: { value: 'secret' } });
    component.instance.onEntered();
    await tap(component, '.dlg-press', 0);
    assert.deepEqual(answers, [['ok', 'secret'], ['cancel', 'secret']]);

    component.setData({ model: model('密码错误，请重新输入') });
    await settle();
    assert.match(textOf(parent), /密码错误，请重新输入/);
    await tap(component, '.dlg-press', 1);
    assert.deepEqual(answers[2], ['ok', '']);
});
