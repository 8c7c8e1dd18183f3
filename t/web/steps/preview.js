'use strict';

/* The preview before the confirmation, layouts to choose from, WeChat. */

const fs = require('node:fs');

const { Desk } = require('../lib/desk.js');

const NUMBER = '330000098001';
const NAME = '叶知微';
const PHONE = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) '
    + 'Chrome/126.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50(0x28003253) NetType/WIFI Language/zh_CN';

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);

    desk.people([[NUMBER, NAME, '33', '2016-05-06'], ['330000098002', '叶无照', '33', '2016-05-06']]);

    const photos = demo.file('preview-photos');

    fs.mkdirSync(photos);
    fs.chmodSync(photos, 0o755);
    fs.writeFileSync(`${photos}/${NUMBER}.jpg`, demo.portrait(32));
    demo.ctl('import', 'photos', photos);

    const picture = ({ page }) => page.locator('.certificate .preview img');

    /* Width by height of the picture, once it is there. */
    const shape = async (member) => {
        await picture(member).waitFor();

        return picture(member).evaluate(async (one) => {
            await one.decode();

            return one.naturalWidth / one.naturalHeight;
        });
    };

    await test('S18 I08 before anything is confirmed the page shows how the certificate will look', async () => {
        const member = await browser.member();

        await member.enter(NUMBER);

        const ratio = await shape(member);

        assert.ok(Math.abs(ratio - 210 / 297) < 0.01, String(ratio));
        assert.match(await member.text('.certificate .preview'), /预览/);
        assert.equal(await member.page.locator('.versions').count(), 0);
        await member.shot('preview');
        await member.page.getByRole('button', { name: '放大预览' }).click();
        await member.dialog().waitFor();
        await member.page.waitForFunction((small) =>
            document.querySelector('dialog[open] img')?.getBoundingClientRect().width > small,
        (await picture(member).boundingBox()).width);
        await member.shot('preview-large', false);
        await member.pressInDialog('关闭');
        await member.dialog().waitFor({ state: 'hidden' });
        await member.leave();
    });

    await test('S18 without a photo there is no preview, and no room is taken', async () => {
        const member = await browser.member();
        const asked = [];

        member.page.on('request', (request) => asked.push(request.url()));
        await member.enter('330000098002');
        await member.page.locator('.photo-empty').waitFor();
        assert.equal(await member.page.locator('.certificate .preview').isVisible(), false);
        assert.deepEqual(asked.filter((url) => url.includes('/certificate/preview')), []);
        await member.leave();
    });

    await test('S16 S17 in WeChat the button confirms and tells the way into a browser', async () => {
        const member = await browser.member({ width: 390, height: 844, userAgent: PHONE });
        const files = [];

        member.page.on('download', (file) => files.push(file));
        await member.enter(NUMBER);
        await shape(member);
        await member.confirmButton().click();
        await member.dialog().waitFor();
        assert.match(await member.text('dialog[open]'), /请点击右上角 ··· 选择在浏览器打开[^]*预览/);
        assert.ok(await member.dialog().locator('img').evaluate(async (one) => {
            await one.decode();

            return one.naturalWidth;
        }));
        await member.shot('wechat', false);
        await member.pressInDialog('确定');
        await member.page.locator('.versions tr[data-state=valid]').waitFor();
        assert.equal(await member.confirmButton().innerText(), '信息确认并下载会员证');
        assert.equal(files.length, 0);
        await member.leave();
    });

    await test('S16 S17 of several layouts the first is downloaded unless another was chosen', async () => {
        const { layouts: [first, second] } = await (await fetch(`${demo.url}/api/site`)).json();
        const member = await browser.member();
        const { page } = member;

        async function save() {
            const [answer, file] = await Promise.all([
                page.waitForResponse((one) => one.url().includes('certificate.pdf')
                    && one.request().method() === 'GET'),
                page.waitForEvent('download'), member.confirmButton().click()
            ]);

            await page.locator('.confirm .notice.good').waitFor();

            return [new URL(answer.url()).search, fs.readFileSync(await file.path())];
        }

        await member.enter(NUMBER);
        assert.ok(await page.getByLabel(first.zh).isChecked());
        assert.ok(await shape(member) < 1);

        const [plain, sheet] = await save();

        assert.equal(plain, '');
        await Promise.all([
            page.waitForResponse((one) => one.url().endsWith(`certificate/preview?layout=${second.name}`)),
            page.getByLabel(second.zh).check()
        ]);
        await page.waitForFunction(() => {
            const one = document.querySelector('.certificate .preview img');

            return one.complete && one.naturalWidth > one.naturalHeight;
        });
        await member.shot('layouts');

        const [chosen, card] = await save();

        assert.equal(chosen, `?layout=${second.name}`);
        assert.equal(card.subarray(0, 5).toString(), '%PDF-');
        assert.ok(!card.equals(sheet));
        await member.leave();
    });
};
