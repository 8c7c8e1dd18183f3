'use strict';

/* 2.3: required data missing, its page, its change. */

const { download, squeezed } = require('./certificate.js');

async function saveElsewhere(browser, number, values) {
    const other = await browser.member();

    await other.enter(number);

    const status = await other.page.evaluate(async (body) => {
        const now = await fetch('/api/member');
        const answer = await fetch('/api/member', {
            method: 'POST', body: JSON.stringify({ values: body }),
            headers: { 'Content-Type': 'application/json', 'If-Match': now.headers.get('ETag') }
        });

        return answer.status;
    }, values);

    await other.leave();

    return status;
}

module.exports = async ({ assert, browser, test }) => {
    const member = await browser.member();
    const { page } = member;
    const save = page.getByRole('button', { name: '保存', exact: true });

    await test('S33 S34 not on entry: the button asks for what is missing, in those words', async () => {
        await member.enter('330000010004');
        assert.equal(await member.dialog().count(), 0);
        await member.confirmButton().click();
        await member.dialog().waitFor();

        const words = await member.text('dialog[open]');

        assert.match(words, /请您先将基础信息中的必填信息补充完整…/);
        assert.match(words, /工作单位/);
        assert.match(words, /010-88250337/);
        await member.shot('profile-incomplete', false);
    });

    await test('S35 【确定】 leads to the basic information', async () => {
        await member.pressInDialog('确定');
        await page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
        assert.match(page.url(), /#\/profile$/);
    });

    await test('S36 S37 the detail page is read-only, with * and what is missing', async () => {
        const pair = (words) => page.locator('.pair', { hasText: words });

        assert.equal(await page.locator('#page input').count(), 0);
        assert.match(await pair('工作单位').locator('dt').innerText(), /\*/);
        assert.match(await pair('工作单位').innerText(), /未填写/);
        assert.doesNotMatch(await pair('邮箱').locator('dt').innerText(), /\*/);
        assert.match(await member.text('.notice.warn'), /工作单位/);
        await member.shot('profile');
    });

    await test('S36 S38 【修改信息】 opens the form; what the institute changes is text', async () => {
        await page.getByRole('link', { name: '修改信息' }).click();
        await page.getByRole('heading', { name: '修改信息', level: 1 }).waitFor();
        assert.deepEqual(await page.locator('form.edit input:not([type=checkbox])')
            .evaluateAll((all) => all.map((one) => one.name)),
        ['phone', 'email', 'work_unit', 'address', 'postcode']);
        assert.match(await member.text('form.edit'), /需联系所属注协修改：浙江省注册会计师协会/);
        await member.shot('edit');
    });

    await test('S37 required inputs say so to assistive technology too', async () => {
        assert.deepEqual(await page.locator('form.edit [aria-required=true]')
            .evaluateAll((all) => all.map((one) => one.name)), ['phone', 'work_unit', 'address']);
    });

    await test('I07 a sensitive value is a mask beside an empty input', async () => {
        const phone = page.locator('input[name=phone]');

        assert.equal(await phone.inputValue(), '');
        assert.equal(await phone.getAttribute('placeholder'), '138****0004');
        assert.doesNotMatch(await page.content(), /13800000004/);
    });

    await test('S40 【保存】 is the last thing of the page', async () => {
        const bottom = (await save.boundingBox()).y;

        for (const box of await page.locator('#page input, #page dd').all()) {
            assert.ok((await box.boundingBox()).y < bottom);
        }
    });

    await test('S37 faults stand beside the fields and on top, where the focus goes', async () => {
        await save.click();
        await page.locator('.summary .notice').waitFor();
        assert.match(await member.text('.summary'), /请填写工作单位/);
        assert.match(await page.evaluate(() => document.activeElement.innerText), /有 1 项需要更正/);
        await page.locator('input[name=work_unit]').fill('宁波示例会计公司');
        await page.locator('input[name=postcode]').fill('31x');
        await save.click();
        await page.waitForFunction(() => /邮政编码格式不正确/
            .test(document.querySelector('.summary').innerText));
        assert.match(await member.text('[data-key=postcode]'), /邮政编码格式不正确/);
        assert.equal(await page.locator('input[name=postcode]').getAttribute('aria-invalid'), 'true');
        assert.equal(await page.locator('input[name=work_unit]').inputValue(), '宁波示例会计公司');
        await member.shot('edit-faults');
    });

    await test('I06 what was typed survives an expired session', async () => {
        await page.locator('input[name=postcode]').fill('315010');
        await member.context.clearCookies();
        await save.click();
        await page.getByLabel('会员编号').fill('330000010004');
        await page.getByLabel('密码', { exact: true }).fill('membercert-2026');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: '修改信息', level: 1 }).waitFor();
        await page.locator('.summary .notice').waitFor();
        assert.match(await member.text('.summary'), /已恢复您尚未保存的内容/);
        assert.equal(await page.locator('input[name=work_unit]').inputValue(), '宁波示例会计公司');
        assert.equal(await page.locator('input[name=postcode]').inputValue(), '315010');
    });

    await test('S37 somebody else saved in between: both values are shown, nothing is lost',
        async () => {
            assert.equal(await saveElsewhere(browser, '330000010004',
                { work_unit: '别处保存的单位' }), 200);
            await save.click();
            await page.locator('.summary .notice.warn').waitFor();
            assert.match(await member.text('.summary'), /信息已被修改，请核对后重新保存/);
            assert.match(await member.text('[data-key=work_unit]'), /现在保存的是“别处保存的单位”/);
            assert.equal(await page.locator('input[name=work_unit]').inputValue(),
                '宁波示例会计公司');
            await member.shot('edit-conflict');
        });

    await test('S40 saved: 保存成功 and the way back to 下载会员证; only changes are sent', async () => {
        const [request] = await Promise.all([
            page.waitForRequest((one) => one.url().endsWith('/api/member')
                && one.method() === 'POST'),
            save.click()
        ]);

        assert.deepEqual(request.postDataJSON(),
            { values: { work_unit: '宁波示例会计公司', postcode: '315010' } });
        await member.dialog().waitFor();
        assert.match(await member.text('dialog[open]'), /保存成功/);
        await member.pressInDialog('下载会员证');
        await page.getByRole('heading', { name: '下载会员证', level: 1 }).waitFor();
    });

    await test('S41 then the certificate is downloaded without a new log-in', async () => {
        const file = await download(member);

        assert.ok(squeezed(file.text).includes('陈立言'));
        await member.leave();
    });

    await test('S38 what only the institute can change is named with its contact, without an input',
        async () => {
            const other = await browser.member();

            await other.enter('530000010005');
            await other.confirmButton().click();
            await other.dialog().waitFor();

            const words = await other.text('dialog[open]');

            assert.match(words, /请您先将基础信息中的必填信息补充完整…/);
            assert.match(words, /入会时间/);
            assert.match(words, /该项需联系所属注协修改：云南省注册会计师协会 会员管理部 0871-68250339/);
            await other.shot('institute-only', false);
            await other.pressInDialog('确定');
            await other.page.getByRole('link', { name: '修改信息' }).click();
            await other.page.locator('form.edit').waitFor();
            assert.equal(await other.page.locator('[name=admitted_on]').count(), 0);
            assert.match(await other.text('form.edit'),
                /入会时间[^]*未填写[^]*该项需联系所属注协修改：云南省注册会计师协会/);
            await other.leave();
        });
};
