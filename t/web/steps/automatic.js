'use strict';

/*
 * X07: a service compares with the photo on record: the consent of its own, 比对中, 比对成功, 比对失败; who
 * declines goes to the institute.  The site is reconfigured meanwhile.
 */

const fs = require('node:fs');
const http = require('node:http');

const { file } = require('../lib/pictures.js');

const NUMBER = '530000010008';
const OPTIONS = { type: 'practising' };

/* Says "not yet" until it is told a result. */
class Provider {
    constructor() {
        this.asked = [];
        this.result = null;
        this.server = http.createServer((request, response) => {
            this.asked.push(request.headers['idempotency-key']);
            request.resume().on('end', () => {
                response.writeHead(this.result ? 200 : 202,
                    { 'Content-Type': 'application/json' });
                response.end(JSON.stringify(this.result
                    ? { result: this.result, score: 0.5, model: 'scripted' }
                    : { retry_after: 1 }));
            });
        });
    }

    start() {
        return new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    }

    stop() {
        this.server.closeAllConnections();

        return new Promise((resolve) => { this.server.close(resolve); });
    }

    directives() {
        return `membercert_compare http url=http://127.0.0.1:${this.server.address().port}/;\n`
            + '        membercert_compare_consent /privacy.html 2026-11;';
    }
}

async function steps({ assert, browser, demo, test }, provider) {
    const member = await browser.member();
    const { page } = member;
    const others = demo.waitingPhotos();
    const waiting = () => demo.waitingPhotos().filter((id) => !others.includes(id));
    const agree = () => member.dialog().getByLabel('同意自动比对', { exact: true });
    const decline = () => member.dialog().getByLabel(/^不同意，转人工核验（所属注协在2个工作日内处理）$/);
    const send = () => member.dialog().getByRole('button', { name: '上传照片' }).click();

    async function choose(variant) {
        await page.locator('#upload').click();
        await page.locator('dialog input[type=file]')
            .setInputFiles(file('photo.jpg', 'image/jpeg', demo.portrait(variant)));
        await page.locator('dialog .verdict.good').waitFor();
        await member.dialog().getByLabel('本人确认照片为本人近1年内免冠证件照').check();
    }

    await test('S24 comparison is consented to apart: neither way is chosen beforehand', async () => {
        await member.enter(NUMBER, OPTIONS);
        await choose(14);
        await member.dialog().getByLabel(/我已阅读并同意/).check();
        assert.equal(await agree().isChecked(), false);
        assert.equal(await decline().isChecked(), false);
        assert.equal(await member.dialog().getByRole('link', { name: '自动比对说明' })
            .getAttribute('href'), '/privacy.html');
        await send();
        assert.match(await member.text('dialog .said'), /请先选择照片比对方式/);
        assert.deepEqual(waiting(), []);

        for (const seen of ['dialog .said .notice', 'dialog .ways']) {
            assert.equal(await page.locator(seen).evaluate((one) => new Promise((resolve) => {
                new IntersectionObserver(([entry]) => resolve(entry.intersectionRatio > 0.99))
                    .observe(one);
            })), true, `${seen} is to be seen`);
        }

        await member.shot('compare-choice', false);
    });

    await test('S24 X07 who declines: 转人工核验, and the service is never asked', async () => {
        await decline().check();
        await send();
        await page.locator('.photo-state.info').waitFor();
        assert.match(await member.text('.photo-state'), /已转人工核验，所属注协将在2个工作日内处理/);
        assert.equal(waiting().length, 1);
        assert.deepEqual(provider.asked, []);
    });

    await test('S24 S25 the answer is remembered and can be changed; 比对中 becomes 比对成功',
        async () => {
            await choose(16);
            assert.match(await member.text('dialog .ways'), /照片比对方式：人工核验/);
            assert.equal(await member.dialog().getByRole('radio').count(), 0);
            await member.pressInDialog('更改');
            assert.equal(await decline().isChecked(), true);
            await agree().check();
            await send();
            await page.getByText('正在比对，请稍候').waitFor();
            assert.match(await member.text('.photo-state'), /关闭网页不影响比对。\s+所属注协：[^]*0871-68250339/);
            await member.shot('compare-pending');
            assert.equal(await member.dialog().count(), 0);
            provider.result = 'match';
            await member.dialog().waitFor();
            assert.match(await member.text('dialog[open]'), /比对成功/);
            await member.pressInDialog('确定');
            assert.ok(provider.asked.length > 0);
            assert.equal(new Set(provider.asked).size, 1);
            assert.deepEqual(waiting(), []);
        });

    await test('S26 比对失败 while the page was closed: told once it is open again', async () => {
        provider.result = null;
        await choose(18);
        assert.match(await member.text('dialog .ways'), /照片比对方式：自动比对/);
        await send();
        await page.getByText('正在比对，请稍候').waitFor();
        await page.goto('about:blank');
        provider.result = 'mismatch';
        await member.open('#/certificate');
        await member.dialog().waitFor();
        assert.match(await member.text('dialog[open]'), /比对失败，照片与留存信息不一致。第 1 次，共 5 次/);
        await member.pressInDialog('确定');
        assert.match(await member.text('.photo-state'), /第 1 次，共 5 次/);
        assert.equal(new Set(provider.asked).size, 2);
        await member.leave();
    });
}

module.exports = async (tools) => {
    const { demo } = tools;
    const conf = demo.file('nginx.conf');
    const manual = fs.readFileSync(conf, 'utf8');
    const provider = new Provider();

    await provider.start();

    try {
        fs.mkdirSync(demo.file('references'), { mode: 0o755 });
        fs.writeFileSync(demo.file(`references/${NUMBER}.jpg`), demo.portrait(12));
        demo.ctl('import', 'photos', demo.file('references'), '--reference');
        await demo.configure(manual.replace(/membercert_compare .*;/, provider.directives()), 'http');
        await steps(tools, provider);
    } finally {
        await demo.configure(manual, 'manual');
        await provider.stop();
    }
};
