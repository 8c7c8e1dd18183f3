'use strict';

/*
 * The password once more, before contacts change and other devices are logged
 * out, when the log-in was a while ago.
 */

const { execFileSync } = require('node:child_process');

const { PASSWORD } = require('../lib/browser.js');
const { Desk } = require('../lib/desk.js');

const NUMBER = '330000096001';
const PHONE = '13700006001';

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);
    const password = (member) => member.dialog().getByLabel('密码', { exact: true });
    const save = (page) => page.getByRole('button', { name: '保存', exact: true });

    /* As if the password had been given an hour ago. */
    function age() {
        execFileSync('sqlite3', [demo.file('store/core.db'),
            `UPDATE session SET confirmed_at = confirmed_at - 3600000 WHERE member_id =
            (SELECT id FROM member WHERE member_no = '${NUMBER}')`]);
    }

    async function toEdit(member) {
        await member.page.goto(`${demo.url}/#/edit`);
        await member.page.getByRole('heading', { name: '修改信息', level: 1 }).waitFor();
    }

    desk.people([[NUMBER, '东方明', '33', '2020-02-07']]);

    await test('S40 another phone: a dialog asks for the password, the form keeps everything', async () => {
        const member = await browser.member({ width: 390, height: 844 });
        const { page } = member;
        const phone = page.locator('input[name=phone]');
        const before = demo.messages();
        const statuses = [];

        page.on('response', (answer) => {
            if (/\/api\/(member|session\/confirm)$/.test(answer.url())
                && answer.request().method() === 'POST') {
                statuses.push(answer.status());
            }
        });
        await member.enter(NUMBER);
        age();
        await toEdit(member);
        await phone.fill(PHONE);
        await save(page).click();
        await member.dialog().waitFor();
        assert.match(await member.text('dialog[open]'), /请输入密码确认身份[^]*010-88250337/);
        assert.equal(await page.evaluate(() => document.activeElement.type), 'password');
        await member.shot('confirm', false);

        /* closed: nothing is saved, nothing is lost, nobody complains */
        await member.pressInDialog('取消');
        await save(page).and(page.locator(':enabled')).waitFor();
        await member.dialog().waitFor({ state: 'detached' });
        assert.equal(await phone.inputValue(), PHONE);
        assert.deepEqual(statuses, [403]);

        await save(page).click();
        await password(member).fill('not the password');
        await page.keyboard.press('Enter');
        await page.locator('dialog .error:not(:empty)').waitFor();
        assert.match(await member.text('dialog .error'), /密码错误，请重新输入/);
        assert.equal(await password(member).inputValue(), 'not the password');
        await member.dialog().getByRole('button', { name: '显示密码' }).click();
        assert.equal(await password(member).getAttribute('type'), 'text');
        await password(member).fill(PASSWORD);
        await member.dialog().getByRole('button', { name: '确认', exact: true }).click();
        await member.dialog().getByText('保存成功').waitFor();
        assert.deepEqual(statuses, [403, 403, 422, 204, 200]);
        assert.equal((await demo.message('13900001000', before)).kind, 'contact');
        await member.leave();
    });

    await test('I06 other devices are logged out after the password, the own one without', async () => {
        const [me, other] = [await browser.member(), await browser.member()];
        const { page } = me;
        const devices = (n) => page.waitForFunction((want) =>
            document.querySelectorAll('.sessions .device').length === want, n);

        await other.enter(NUMBER);
        await me.enter(NUMBER);
        age();
        await me.menu('账号安全').click();
        await page.locator('.sessions .device').first().waitFor();

        const there = await page.locator('.sessions .device').count();

        await page.locator('.sessions li button').first().click();
        await password(me).waitFor();
        await page.keyboard.press('Escape');
        await me.dialog().waitFor({ state: 'detached' });
        await devices(there);
        assert.equal(await page.locator('.said .notice').count(), 0);

        await page.getByRole('button', { name: '退出其他所有设备' }).click();
        await me.pressInDialog('退出其他所有设备');
        await password(me).fill(PASSWORD);
        await page.keyboard.press('Enter');
        await devices(1);
        assert.match(await me.text('.said:not(:empty)'), /其他设备已全部退出登录/);
        age();
        await page.getByRole('button', { name: '退出', exact: true }).click();
        await page.locator('.login-card').waitFor();
        assert.equal(await me.dialog().count(), 0);
        await me.leave();
        await other.leave();
    });
};
