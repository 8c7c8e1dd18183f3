'use strict';

/* The flow of the log-in (S05-S12), page and parts together, in WeChat's simulator. */

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { draw, load, settle, textOf } = require('../lib/simulate.js');

const SITE = {
    issuer: '示例协会', hotline: '010-1', captcha: { web: 'off', mini: 'off' }, footer: [],
    user_types: [{ code: 'n', zh: '非执业会员', en: 'N' }, { code: 'p', zh: '注册会计师', en: 'P' }]
};

test('S05 S08 S12 empty, refused, asked for a captcha, in; the session is kept, double taps are one', async () => {
    let answer = () => ({ status: 401, json: { code: 'login_failed', errors: [{ code: 'login_failed', detail: '用户名密码错误' }] } });
    const { component, fake, parent } = draw('pages/login/index', {}, (request) => (request.path === 'site'
        ? { status: 200, json: SITE }
        : request.path.startsWith('captcha')
            ? { status: 200, json: { id: 'c', kind: 'picture', expires_in: 300, picture: 'data:,' } }
            : answer(request)));
    const page = component.instance;
    const posts = () => fake.named('request').filter((one) => one.method === 'POST');

    await settle();
    page.onLoad({});
    await settle(60);
    assert.match(textOf(parent), /示例协会.*用户类型.*非执业会员.*会员编号.*密码.*忘记密码？.*登录/);
    assert.deepEqual(fake.named('request').map((one) => one.path), ['site']);

    await page.submit();
    await settle();
    assert.match(textOf(parent), /请填写会员编号.*请填写密码/);
    assert.equal(posts().length, 0);

    page.onNumber({ detail: { value: ' 33０0 1 ' } });
    page.onPassword({ detail: { value: 'secret' } });
    await Promise.all([page.submit(), page.submit(), page.submit()]);
    await settle();
    assert.equal(posts().length, 1);
    assert.equal(JSON.parse(posts()[0].data).member_no, '33001');
    assert.match(textOf(parent), /用户名密码错误.*可点击“忘记密码？”找回/);
    assert.equal(page.data.password, 'secret');

    answer = () => ({ status: 422, json: { code: 'captcha_needed', errors: [{ code: 'captcha_needed', detail: '请先完成验证' }] } });
    await page.submit();
    await settle(60);
    assert.match(textOf(parent), /请先完成验证/);
    assert.equal(page.data.captcha, true);

    answer = () => ({ status: 200, json: { token: 'T', name: '林', member_no: '33***1', ends: 1 } });
    page.selectComponent = () => ({ read: () => ({ captcha: { id: 'c', answer: 'x' } }), refresh() {} });
    await page.submit();
    await settle();
    assert.deepEqual(JSON.parse(posts().at(-1).data).captcha, { id: 'c', answer: 'x' });
    assert.equal(load('utils/api.js').session().token, 'T');
    assert.equal(fake.named('reLaunch').at(-1).url, '/pages/home/index');
    assert.equal(page.data.password, '');
    component.detach();
});
