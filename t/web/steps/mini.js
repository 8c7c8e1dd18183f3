'use strict';

/* 1.1-1: the mini program's name and the code that opens it. */

const NAME = '示例会员电子证书';

const box = (member, selector) => member.page.locator(selector).boundingBox();

/* GET site as if the institute had set this. */
function withProgram(member, program) {
    return member.page.route('**/api/site', async (route) => {
        const answer = await route.fetch();

        await route.fulfill({ response: answer,
            json: { ...await answer.json(), mini_program: program } });
    });
}

module.exports = async ({ assert, browser, test }) => {
    await test('S04 the log-in page shows the code, and the name as text beside it', async () => {
        const member = await browser.member();
        const code = member.page.getByAltText(`“${NAME}”小程序二维码`);

        await member.open();
        await code.waitFor();
        await member.page.waitForFunction(() => document.querySelector('.mini img').naturalWidth > 0);
        assert.equal(await code.evaluate((one) => one.naturalWidth), 430);
        assert.equal(await member.page.locator('.mini-name').innerText(), NAME);
        assert.match(await member.text('.mini'), /微信小程序[^]*搜索该名称，或扫描二维码/);

        const [name, picture] = [await box(member, '.mini figcaption'), await box(member, '.mini img')];

        assert.ok(name.x >= picture.x + picture.width, 'beside the code');
        assert.ok(picture.width >= 100 && Math.abs(picture.width - picture.height) < 1);
        await member.shot('mini-program');
        await member.leave();
    });

    await test('S04 on a phone the name comes first, for who cannot scan the own screen', async () => {
        const member = await browser.member({ width: 320, height: 740 });

        await member.open();

        const [name, picture] = [await box(member, '.mini-name'), await box(member, '.mini img')];

        assert.ok(name.y + name.height <= picture.y);
        assert.ok(picture.x + picture.width <= 320);
        await member.shot('mini-program-phone');
        await member.leave();
    });

    await test('S04 I16 in English the alternative text is English, the name as it is', async () => {
        const member = await browser.member({ locale: 'en-GB' });

        await member.open();
        await member.page.getByAltText(`Code of the mini program “${NAME}”`).waitFor();
        assert.match(await member.text('.mini'), new RegExp(`WeChat mini program\\s+${NAME}`));
        await member.leave();
    });

    await test('S04 without a picture the name is shown alone, without a name nothing is', async () => {
        const member = await browser.member();

        await withProgram(member, { name: '很长的名称'.repeat(12), qr: null });
        await member.open();
        assert.equal(await member.page.locator('.mini img').count(), 0);
        assert.match(await member.text('.mini'), /搜索该名称进入小程序/);
        assert.ok(await member.page.locator('.mini').evaluate((one) => one.scrollWidth <= one.clientWidth));
        await member.page.unroute('**/api/site');
        await withProgram(member, null);
        await member.page.reload();
        await member.page.getByLabel('会员编号').waitFor();
        assert.equal(await member.page.locator('.mini').count(), 0);
        await member.leave();
    });
};
