'use strict';

/*
 * The other way in (X03): an officer checks who it is and gives a one-time
 * code on paper; the member sets a password with it.
 */

const { Desk } = require('../lib/desk.js');

const HERE = ['--institute', '33'];
const NUMBER = '330000096001';
const OTHER = '330000096002';
const NAME = '东方朔';
const PEOPLE = [[NUMBER, NAME, '33', '2020-02-02'], [OTHER, '南宫雨', '33', '2020-02-03']];
const FIRST = '清泉石上 lantern 流';

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);

    desk.officers = 80;
    desk.people(PEOPLE);

    const officer = await desk.enter(HERE, { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = officer;
    let code = '';

    await page.goto(`${demo.url}/officer/#/search`);
    await page.getByLabel('会员编号或姓名').fill(NUMBER);
    await page.keyboard.press('Enter');
    await page.locator('.row-link', { hasText: NAME }).click();
    await page.locator('.member-grid').waitFor();

    await test('X03 the desk gives a code once person and document were checked', async () => {
        await page.getByRole('button', { name: '发放一次性代码' }).click();
        await officer.dialog().waitFor();
        await officer.pressInDialog('发放');
        assert.match(await officer.text('dialog .notice.bad'), /请先确认已核对本人及证件/);
        await page.getByLabel('已当面核对本人及有效身份证件').check();
        await officer.pressInDialog('发放');
        await page.locator('.slip').waitFor();
        code = await page.locator('.slip-code > [aria-hidden]').innerText();
        assert.match(code, /^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){4}$/);
        assert.match(await officer.text('.slip'), new RegExp(`${NAME}[^]*${NUMBER}[^]*有效期至[^]*忘记密码`));
        await officer.shot('desk-code', false);
    });

    await test('X03 it can be copied, Esc does not lose it, and only the slip is printed', async () => {
        await officer.pressInDialog('复制代码');
        await page.locator('dialog .notice.good').waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
        await page.keyboard.press('Escape');
        await page.keyboard.press('Escape');
        assert.ok(await page.locator('.slip').isVisible());
        await page.emulateMedia({ media: 'print' });

        for (const hidden of ['#header', '#page', '#footer', 'dialog .buttons', 'dialog .notice']) {
            assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
        }

        assert.ok(await page.locator('.slip-code').isVisible());
        await officer.shot('desk-code-print', false);
        await page.emulateMedia({ media: null });
        await officer.pressInDialog('关闭');
        await page.getByText(code).waitFor({ state: 'detached' });
    });

    await test('X03 the member sets a password with it, typed as people do, and logs in by hand',
        async () => {
            const member = await browser.member({ width: 390, height: 844 });

            await member.open('#/forgot');
            await member.page.getByRole('link', { name: '我有协会给的一次性代码' }).click();
            await member.page.getByLabel('一次性代码').waitFor();
            await member.shot('institute-code');
            await member.page.getByLabel('会员编号').fill(OTHER);
            await member.page.getByLabel('一次性代码').fill(code);
            await member.page.getByLabel('新密码', { exact: true }).fill(FIRST);
            await member.page.getByRole('button', { name: '设置密码' }).click();
            await member.page.locator('[data-key=code] .error:not(:empty)').waitFor();
            await member.page.getByLabel('会员编号').fill(NUMBER);
            await member.page.getByLabel('一次性代码').fill(code.toLowerCase().replaceAll('-', ' '));
            await member.page.getByRole('button', { name: '设置密码' }).click();
            await member.page.locator('.login-card .notice.good').waitFor();
            assert.equal(await member.page.getByLabel('会员编号').inputValue(), NUMBER);
            await member.page.getByLabel('密码', { exact: true }).fill(FIRST);
            await member.page.keyboard.press('Enter');
            await member.confirmButton().waitFor();
            await member.leave();
        });

    await test('X03 the code worked once; a new one is another', async () => {
        const member = await browser.member();

        await member.open('#/institute-code');
        await member.page.getByLabel('会员编号').fill(NUMBER);
        await member.page.getByLabel('一次性代码').fill(code);
        await member.page.getByLabel('新密码', { exact: true }).fill('another harbour 88');
        await member.page.getByRole('button', { name: '设置密码' }).click();
        await member.page.locator('[data-key=code] .error:not(:empty)').waitFor();
        await member.leave();
        await page.getByRole('button', { name: '发放一次性代码' }).click();
        await page.getByLabel('已当面核对本人及有效身份证件').check();
        await officer.pressInDialog('发放');
        await page.locator('.slip').waitFor();
        assert.notEqual(await page.locator('.slip-code > [aria-hidden]').innerText(), code);
        await officer.leave();
    });
};
