'use strict';

/* 验证码 (S09, I01, I02), in WeChat's simulator. */

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { draw, settle, tap, textOf } = require('../lib/simulate.js');

test('S09 I01 picture, refresh by picture and button, failure, proof of work', async () => {
    const asked = [];
    let answer = (path) => (path.endsWith('picture')
        ? { status: 200, json: { id: `p${asked.length}`, kind: 'picture', expires_in: 300, picture: 'data:image/png;base64,' } }
        : { status: 200, json: { id: 'w', kind: 'work', expires_in: 300, bits: 8 } });
    const { component, parent } = draw('components/captcha-box/index', {}, ({ path }) => {
        asked.push(path);

        return answer(path);
    });
    const { read } = component.instance;

    await settle();
    assert.deepEqual(asked, ['captcha?kind=picture']);
    assert.equal(component.data.state, 'picture');
    assert.deepEqual(read.call(component.instance), { words: '请填写验证码' });

    component.instance.onInput({ detail: { value: ' ab12 ' } });
    assert.deepEqual(read.call(component.instance), { captcha: { id: 'p1', answer: 'ab12' } });

    await tap(component, '.cap-frame');
    assert.equal(component.data.value, '', 'a new picture, a new answer');
    await tap(component, '.cap-plain', 0);
    assert.equal(asked.length, 3);

    answer = () => ({ status: 429, json: { code: 'too_many_requests', errors: [{ code: 'x', detail: '操作过于频繁，请稍后再试' }] } });
    await tap(component, '.cap-plain', 0);
    assert.match(textOf(parent), /点击重试.*操作过于频繁，请稍后再试/);
    assert.ok(read.call(component.instance).words);

    answer = () => ({ status: 200, json: { id: 'w', kind: 'work', expires_in: 300, bits: 8 } });
    await tap(component, '.cap-plain', 1);
    await settle(200);
    assert.equal(asked.at(-1), 'captcha?kind=work');
    assert.equal(component.data.state, 'proven');
    assert.match(textOf(parent), /自动验证已完成/);
    assert.equal(read.call(component.instance).captcha.id, 'w');
    assert.match(read.call(component.instance).captcha.answer, /^\d+$/);
    component.detach();
});
