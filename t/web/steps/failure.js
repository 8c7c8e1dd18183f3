'use strict';

/* What the site says when network, service or nginx refuse. */

module.exports = async ({ assert, browser, demo, test }) => {
    await test('I17 S02 the service does not answer: a plain text and the hot line', async () => {
        const member = await browser.member();

        await member.context.route('**/api/**', (route) => route.fulfill({ status: 503, body: '' }));
        await member.page.goto(demo.url);
        await member.page.locator('.notice.bad').waitFor();
        assert.match(await member.text(), /系统繁忙，请稍后再试/);
        assert.match(await member.text('#footer'), /咨询电话：010-88250337\/0338/);
        await member.context.unroute('**/api/**');
        await member.enter('330000010001');
        await member.context.route('**/api/member', (route) => route.fulfill({ status: 502, body: '' }));
        await member.menu('基本信息').click();
        await member.page.getByRole('heading', { name: '页面暂时无法显示' }).waitFor();
        assert.match(await member.text('.notice.bad'), /系统繁忙，请稍后再试[^]*010-88250337/);
        await member.context.unroute('**/api/member');
        await member.page.getByRole('button', { name: '重试' }).click();
        await member.page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
        await member.leave();
    });

    await test('I17 S20 the photo cannot be fetched: 获取照片信息失败 in its place', async () => {
        const member = await browser.member();

        await member.context.route('**/api/photo', (route) => route.fulfill({
            status: 503, contentType: 'application/problem+json',
            body: '{"code":"photo_unavailable","status":503,"detail":"获取照片信息失败"}'
        }));
        await member.enter('330000010001');
        await member.page.getByText('获取照片信息失败').waitFor();
        await member.leave();
    });

    await test('I17 a file that breaks off is not saved, and the page says why', async () => {
        const member = await browser.member();
        const files = [];

        member.page.on('download', (file) => files.push(file));
        await member.enter('330000010001');
        await member.context.route('**/api/certificate.pdf',
            (route) => (route.request().method() === 'GET'
                ? route.fulfill({ status: 503, body: '' }) : route.continue()));
        await member.confirmButton().click();
        await member.dialog().waitFor();
        assert.match(await member.text('dialog[open]'), /系统繁忙，请稍后再试[^]*010-88250337/);
        await member.pressInDialog('确定');
        assert.equal(await member.confirmButton().innerText(), '信息确认并下载会员证');
        assert.equal(files.length, 0);
        await member.leave();
    });

    await test('I17 what nginx itself refuses has the same form', async () => {
        const large = await fetch(`${demo.url}/api/session`, {
            method: 'POST', body: 'x'.repeat(100000),
            headers: { 'Content-Type': 'application/json', Origin: demo.url }
        });

        assert.equal(large.status, 413);
        assert.equal((await large.json()).status, 413);

        const answers = await Promise.all(Array.from({ length: 80 },
            () => fetch(`${demo.url}/api/site`)));
        const limited = answers.find((answer) => answer.status === 429);

        assert.ok(limited, 'limit_req refused some of 80 requests at once');
        assert.equal((await limited.json()).code, 'too_many_requests');
        await new Promise((resolve) => { setTimeout(resolve, 2500); });   // the burst drains
    });
};
