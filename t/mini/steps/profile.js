'use strict';

/* 1.3-1: asked on entry, the form, 【保存并提交信息】, two who save, the password again. */

const { execFileSync } = require('node:child_process');

const { PASSWORD, refusal } = require('../lib/phone.js');

const NUMBER = '330000010004';
const ELEVEN_MINUTES_MS = 660000;

/* As if all who are logged in had given their password that much earlier. */
function age(demo) {
    execFileSync('sqlite3', ['-cmd', '.timeout 5000', demo.file('store/core.db'),
        `UPDATE session SET confirmed_at = confirmed_at - ${ELEVEN_MINUTES_MS}`]);
}

module.exports = async ({ assert, demo, test, wechat }) => {
    const phone = await wechat.phone();
    const item = (key) => phone.top.locator(`[data-key="${key}"]`);

    await test('S33 the prompt comes on entry and before the one about a photo, in the words of the manual', async () => {
        const end = phone.on(/^GET photo$/, refusal(503, 'photo_unavailable', '获取照片信息失败'));
        const slow = phone.on(/^GET member$/, async (request, count, send) => {
            await new Promise((resolve) => { setTimeout(resolve, 700); });
            return send(request);
        });

        await phone.enter(NUMBER);
        await phone.tap('会员电子证书');

        const words = await phone.prompted();

        end();
        slow();
        assert.match(words, /请您先将基础信息中的必填信息补充完整…/);
        assert.match(words, /工作单位/);
        assert.doesNotMatch(words, /照片信息/);
        await phone.shot('1.3-1-prompt');
        await phone.press('确定');
        await phone.at('profile');
        await phone.text('联系与工作信息').waitFor();
    });

    await test('S37 * marks what is required; what is missing is named, nothing is sent', async () => {
        assert.match(await phone.words(), /带 \* 号的为必填项/);
        assert.equal(await phone.top.locator('input[aria-required="true"], wx-input[aria-required="true"]').count(), 3);
        await phone.shot('1.3-1-profile', true);
        await phone.tap('保存并提交信息');
        await phone.text('有 1 项需要更正').waitFor();
        assert.equal(await phone.text('请填写工作单位').count(), 2);
        assert.equal(phone.requests(/^POST member/).length, 0);
    });

    await test('S39 【保存并提交信息】 is the last button of the form; there is no plain 【保存】', async () => {
        const buttons = await phone.top.locator('wx-button').allInnerTexts();

        assert.deepEqual(buttons.map((words) => words.trim()), ['保存并提交信息']);
        assert.equal(await phone.text('保存').count(), 0);
    });

    await test('I08 a hidden value stands in no input and is kept when left empty', async () => {
        assert.equal(await phone.field('手机号码').inputValue(), '');
        assert.match(await phone.field('手机号码').getAttribute('placeholder'), /\*{4}/);
    });

    await test('S37 what the service refuses stands beside the field, all else stays', async () => {
        await phone.field('工作单位').fill('杭州新单位');
        await phone.field('邮政编码').fill('12');
        await phone.tap('保存并提交信息');
        await phone.text('邮政编码格式不正确').first().waitFor();
        assert.equal(await phone.field('工作单位').inputValue(), '杭州新单位');
        await phone.field('邮政编码').fill('310013');
    });

    await test('S39 somebody else saved meanwhile: both values are shown, nothing is lost', async () => {
        const other = await wechat.phone();

        await other.enter(NUMBER);
        await other.tap('基本信息');
        await other.text('联系与工作信息').waitFor();
        await other.field('工作单位').fill('宁波别的单位');
        await other.tap('保存并提交信息');
        assert.match(await other.prompted(), /^保存成功/);
        await other.leave();

        await phone.tap('保存并提交信息');
        await phone.text('信息已被修改，请核对后重新保存').waitFor();
        assert.equal(await phone.field('工作单位').inputValue(), '杭州新单位');
        assert.match(await phone.words(), /现在保存的是“宁波别的单位”/);
        assert.equal(await phone.field('邮政编码').inputValue(), '310013');
    });

    await test('S39 S41 【保存并提交信息】 saves and leads back to the certificate; no new log-in', async () => {
        await phone.tap('保存并提交信息');
        assert.match(await phone.prompted(), /^保存成功/);
        await phone.shot('1.3-1-saved');
        await phone.press('确定');
        await phone.at('certificate');
        await phone.text('请核对以上信息').waitFor();
        assert.equal(await phone.dialog().count(), 0);
        assert.equal(phone.requests(/^POST session/).length, 1);
        await phone.tap('信息确认并下载会员证');
        await phone.top.getByText(/会员证已下载/).waitFor();
        await phone.leave();
    });

    await test('I06 a changed phone, eleven minutes later: the password is asked for, the save repeated', async () => {
        const other = await wechat.phone();
        const saves = () => other.requests(/^POST member/).map((one) => one.status);
        const typed = () => Promise.all([other.field('手机号码').inputValue(), other.field('工作单位').inputValue()]);
        const form = ['13911112222', '温州新单位'];

        await other.enter(NUMBER);
        await other.tap('基本信息');
        await other.text('联系与工作信息').waitFor();
        age(demo);
        await other.field('手机号码').fill(form[0]);
        await other.field('工作单位').fill(form[1]);
        await other.tap('保存并提交信息');
        assert.match(await other.prompted(), /^请输入密码确认身份/);

        const entry = other.dialog().locator('[aria-label="密码"] > input');

        assert.equal(await entry.getAttribute('type'), 'password');
        await other.dialog().getByText('显示').click();
        assert.equal(await entry.getAttribute('type'), 'text');
        await other.shot('1.3-1-password');
        await other.press('取消');
        await other.dialog().waitFor({ state: 'detached' });
        assert.deepEqual(await typed(), form, 'what was typed is there');
        assert.deepEqual(saves(), [403]);

        await other.tap('保存并提交信息');
        await other.prompted();
        await other.press('确认');
        await other.text('请填写密码').waitFor();
        await entry.fill('not the password');
        await other.press('确认');
        await other.text('密码错误，请重新输入').waitFor();
        assert.deepEqual(await typed(), form);
        await entry.fill(PASSWORD);
        await other.press('确认');
        await other.page.waitForFunction(() => /保存成功/.test(document.querySelector('page:not([hidden]) [role=alertdialog]')?.innerText));
        assert.deepEqual(saves(), [403, 403, 200]);
        assert.deepEqual(other.requests(/^POST session\/confirm/).map((one) => one.status), [422, 204]);
        await other.press('确定');
        await other.leave();
    });

    await test('S38 more than the manual: on the phone, too, what only the institute can change is named with its contact', async () => {
        const other = await wechat.phone();

        await other.enter('530000010005');
        await other.tap('会员电子证书');

        const words = await other.prompted();

        assert.match(words, /入会时间：该项需联系所属注协修改：云南省注册会计师协会 会员管理部 0871-68250339/);
        await other.press('确定');
        assert.equal(await other.route(), 'pages/certificate/index');
        await other.back();
        await other.tap('基本信息');
        await other.text('会籍信息').waitFor();
        assert.equal(await other.field('入会时间').count(), 0);
        assert.match(await other.words(), /以下信息需联系所属注协修改：云南省注册会计师协会/);
        await other.leave();
    });
};
