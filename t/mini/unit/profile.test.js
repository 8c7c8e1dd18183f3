'use strict';

/* The form of 1.3-1 (S37, S39): what is sent, faults, two who save, in WeChat's simulator. */

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { draw, settle, textOf } = require('../lib/simulate.js');

const field = (key, zh, more) => ({
    key, zh, en: key, type: 'text', required: false, editable: true, sensitive: false, max: 20, value: '',
    value_en: '', missing: false, ...more
});

const member = (revision, unit) => ({
    revision, user_type: 'n', member_no: '1', status: { zh: '正常', en: 'Active' },
    institute: { code: '33', name: '浙江', contact: '会员部', phone: '0571-88250337' },
    fields: [
        field('name', '姓名', { editable: false, value: '陈' }),
        field('work_unit', '工作单位', { required: true, value: unit, missing: !unit }),
        field('phone', '手机号码', { required: true, type: 'phone', sensitive: true, value: '138****1' }),
        field('sex', '性别', { type: 'sex', value: '女', value_en: 'Female' })
    ]
});

test('S37 S39 only what changed is sent, with its revision; 412 shows both values; then back', async () => {
    let answer = null;
    const { component, fake, parent } = draw('pages/profile/index', {}, (request) => {
        if (request.path === 'member' && request.method === 'POST') {
            return answer(request);
        }

        return { status: 200, json: request.path === 'member' ? member(5, '') : {} };
    });
    const page = component.instance;
    const posts = () => fake.named('request').filter((one) => one.method === 'POST');
    const change = (index, value) => page.onChange({ currentTarget: { dataset: { index } }, detail: { value } });

    fake.pages.push({ route: 'pages/certificate/index' }, { route: 'pages/profile/index' });
    await settle();
    page.onLoad({ from: 'certificate' });
    await settle(60);
    assert.match(textOf(parent), /会籍信息.*浙江 会员部 0571-88250337.*姓名.*陈.*工作单位\*.*保存并提交信息/);
    assert.equal(page.data.rows[2].value, 'F', 'a choice begins with what is stored');
    assert.equal(page.data.rows[1].value, '', 'a hidden value stands in no input');

    await page.save();
    await settle();
    assert.match(textOf(parent), /有 1 项需要更正.*请填写工作单位/);
    assert.equal(posts().length, 0);

    change(0, '甲公司');
    answer = () => ({ status: 412, json: { code: 'changed_meanwhile', member: member(6, '乙公司') } });
    await page.save();
    await settle();
    assert.equal(posts()[0].header['If-Match'], '"5"');
    assert.deepEqual(JSON.parse(posts()[0].data), { values: { work_unit: '甲公司' } });
    assert.match(textOf(parent), /信息已被修改，请核对后重新保存.*现在保存的是“乙公司”/);
    assert.equal(page.data.rows[0].value, '甲公司');

    page.onTake({ currentTarget: { dataset: { index: 0 } } });
    assert.equal(page.data.rows[0].value, '乙公司');
    change(0, '甲公司');
    answer = () => ({
        status: 422, json: { code: 'field_format', errors: [{ code: 'field_format', field: 'work_unit', detail: '工作单位格式不正确' }] }
    });
    await page.save();
    await settle();
    assert.equal(posts()[1].header['If-Match'], '"6"');
    assert.equal(page.data.rows[0].fault, '工作单位格式不正确');

    answer = () => ({ status: 200, json: member(7, '甲公司') });

    const saving = page.save();

    await settle();
    assert.match(textOf(parent), /保存成功/);
    page.onDialog({ detail: { value: 'ok' } });
    await saving;
    assert.equal(fake.named('navigateBack').length, 1);
    component.detach();
});
