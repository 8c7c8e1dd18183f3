/*
 * The table of problems: code, kind, text in Chinese and English.
 *
 * The Chinese words are those of the operating manual and of the screens
 * made after it, to the letter.  Places: {measured} {allowed} {min} {max}
 * {kind} {n} {field} {contact} {attempts} {review_time} {status} {char}.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_problem.h"


typedef struct {
    const char  *code;
    mc_kind_t    kind;
    const char  *zh;
    const char  *en;
} row_t;


static const row_t rows[MC_P_COUNT] = {

    [MC_P_NONE] = { "none", MC_KIND_INVALID, "", "" },

    /* request */

    [MC_P_REQUEST_MALFORMED] = {
        "request_malformed", MC_KIND_MALFORMED,
        "请求格式不正确",
        "The request is malformed" },

    [MC_P_BODY_MALFORMED] = {
        "body_malformed", MC_KIND_MALFORMED,
        "请求内容格式不正确：{measured}",
        "The body of the request is malformed: {measured}" },

    [MC_P_BODY_TYPE] = {
        "body_type", MC_KIND_WRONG_TYPE,
        "不支持的内容类型，要求 {allowed}",
        "The type of the body is not supported; {allowed} is required" },

    [MC_P_BODY_SIZE] = {
        "body_size", MC_KIND_TOO_LARGE,
        "请求内容过大，最多 {allowed} 字节",
        "The body of the request is too large; {allowed} bytes are allowed" },

    [MC_P_METHOD_NOT_ALLOWED] = {
        "method_not_allowed", MC_KIND_WRONG_METHOD,
        "不支持的请求方式",
        "Method not allowed" },

    [MC_P_NOT_FOUND] = {
        "not_found", MC_KIND_NOT_FOUND,
        "没有找到",
        "Not found" },

    [MC_P_ORIGIN_REFUSED] = {
        "origin_refused", MC_KIND_FORBIDDEN,
        "请求来源不被允许",
        "The request came from elsewhere" },

    [MC_P_TWO_CREDENTIALS] = {
        "two_credentials", MC_KIND_MALFORMED,
        "请求同时带有两种登录凭据",
        "The request carries two credentials at once" },

    [MC_P_SERVICE_BUSY] = {
        "service_busy", MC_KIND_UNAVAILABLE,
        "系统繁忙，请稍后再试",
        "The service is busy; please try again" },

    [MC_P_SERVICE_UNAVAILABLE] = {
        "service_unavailable", MC_KIND_UNAVAILABLE,
        "系统暂时无法使用，请稍后再试",
        "The service is not available now; please try again later" },

    /* session: S12 */

    [MC_P_LOGIN_FAILED] = {
        "login_failed", MC_KIND_UNAUTHENTICATED,
        "用户名密码错误",
        "Wrong user name or password" },

    [MC_P_TOO_MANY_ATTEMPTS] = {
        "too_many_attempts", MC_KIND_LIMITED,
        "尝试次数过多，请 {wait}后再试",
        "Too many attempts; try again in {wait}" },

    [MC_P_SESSION_EXPIRED] = {
        "session_expired", MC_KIND_UNAUTHENTICATED,
        "登录已过期，请重新登录",
        "Your log-in has expired" },

    /* profile: S37, S38 */

    [MC_P_IF_MATCH_MISSING] = {
        "if_match_missing", MC_KIND_PRECONDITION_MISSING,
        "请求缺少 If-Match，请刷新后重新保存",
        "The request lacks If-Match; reload and save again" },

    [MC_P_CHANGED_MEANWHILE] = {
        "changed_meanwhile", MC_KIND_PRECONDITION,
        "信息已被修改，请核对后重新保存",
        "Somebody else has changed the data; check and save again" },

    [MC_P_FIELD_UNKNOWN] = {
        "field_unknown", MC_KIND_INVALID,
        "没有“{field}”这一项",
        "There is no item “{field}”" },

    [MC_P_FIELD_REQUIRED] = {
        "field_required", MC_KIND_INVALID,
        "请填写{field}",
        "{field} is required" },

    [MC_P_FIELD_TOO_LONG] = {
        "field_too_long", MC_KIND_INVALID,
        "{field}过长，最多 {max} 个字符",
        "{field} is too long; at most {max} characters" },

    [MC_P_FIELD_FORMAT] = {
        "field_format", MC_KIND_INVALID,
        "{field}格式不正确",
        "{field} is not in the right form" },

    [MC_P_FIELD_MASKED] = {
        "field_masked", MC_KIND_INVALID,
        "{field}中的部分内容已被隐藏，请填写完整",
        "{field} is partly hidden; please enter it in full" },

    [MC_P_FIELD_INSTITUTE_ONLY] = {
        "field_institute_only", MC_KIND_INVALID,
        "该项需联系所属注协修改：{contact}",
        "Only your institute can change this: {contact}" },

    /* photo: S19, S20, S27-S31 */

    [MC_P_PHOTO_NONE] = {
        "photo_none", MC_KIND_NOT_FOUND,
        "没有查询到照片信息",
        "No photo information was found" },

    [MC_P_PHOTO_UNAVAILABLE] = {
        "photo_unavailable", MC_KIND_UNAVAILABLE,
        "获取照片信息失败",
        "Photo information could not be read" },

    [MC_P_PHOTO_NOT_JPEG] = {
        "photo_not_jpeg", MC_KIND_INVALID,
        "文件是 {kind}，要求 jpg 格式",
        "This is {kind}; JPG is required" },

    [MC_P_PHOTO_SIZE] = {
        "photo_size", MC_KIND_INVALID,
        "照片大小为 {measured} 字节，要求 {min}–{max} 字节",
        "The file has {measured} bytes; {min}–{max} are allowed" },

    [MC_P_PHOTO_TOO_LARGE] = {
        "photo_too_large", MC_KIND_TOO_LARGE,
        "照片大小为 {measured} 字节，要求 {min}–{max} 字节",
        "The file has {measured} bytes; {min}–{max} are allowed" },

    [MC_P_PHOTO_PIXELS] = {
        "photo_pixels", MC_KIND_INVALID,
        "照片像素为 {measured}，要求 {allowed}",
        "The picture is {measured}; {allowed} is required" },

    [MC_P_PHOTO_DPI] = {
        "photo_dpi", MC_KIND_INVALID,
        "分辨率为每英寸 {measured} 点，要求不低于 {min}",
        "{measured} dpi; at least {min} is required" },

    [MC_P_PHOTO_DPI_MISSING] = {
        "photo_dpi_missing", MC_KIND_INVALID,
        "照片未记录分辨率",
        "No resolution recorded" },

    [MC_P_PHOTO_TRUNCATED] = {
        "photo_truncated", MC_KIND_INVALID,
        "照片文件不完整",
        "The file is incomplete" },

    [MC_P_PHOTO_DAMAGED] = {
        "photo_damaged", MC_KIND_INVALID,
        "照片文件已损坏",
        "The picture is damaged" },

    [MC_P_PHOTO_TRAILING] = {
        "photo_trailing", MC_KIND_INVALID,
        "照片文件末尾有多余数据",
        "Extra data after the picture" },

    [MC_P_PHOTO_ORIENTATION] = {
        "photo_orientation", MC_KIND_INVALID,
        "照片方向不正，请转正后另存",
        "The picture is not upright; turn it and save it again" },

    [MC_P_PHOTO_OLD] = {
        "photo_old", MC_KIND_INVALID,
        "照片拍摄于 {measured}，要求近1年内",
        "Taken on {measured}, more than a year ago" },

    [MC_P_PHOTO_FUTURE] = {
        "photo_future", MC_KIND_INVALID,
        "照片拍摄时间 {measured} 晚于今天",
        "Taken on {measured}, which is still to come" },

    [MC_P_PHOTO_SCANS] = {
        "photo_scans", MC_KIND_INVALID,
        "照片编码过于复杂",
        "Too many scans in the picture" },

    [MC_P_PHOTO_CODING] = {
        "photo_coding", MC_KIND_INVALID,
        "不支持照片的编码方式（{kind}），请另存为普通 jpg",
        "The coding of the picture is not supported ({kind}); "
        "save it as a plain JPG" },

    [MC_P_PHOTO_COLOUR] = {
        "photo_colour", MC_KIND_INVALID,
        "请上传彩色照片",
        "A colour picture is required" },

    /* a photo's content */

    [MC_P_PHOTO_DARK] = {
        "photo_dark", MC_KIND_INVALID,
        "照片过暗：亮度为 {measured}，要求不低于 {min}",
        "The photo is too dark: brightness {measured}, at least {min} is "
        "required" },

    [MC_P_PHOTO_BRIGHT] = {
        "photo_bright", MC_KIND_INVALID,
        "照片过亮：亮度为 {measured}，要求不高于 {max}",
        "The photo is too bright: brightness {measured}, at most {max} is "
        "allowed" },

    [MC_P_PHOTO_FLAT] = {
        "photo_flat", MC_KIND_INVALID,
        "照片对比度过低：明暗差为 {measured}，要求不低于 {min}",
        "The contrast is too low: {measured} from dark to light, at least "
        "{min} is required" },

    [MC_P_PHOTO_BACKGROUND] = {
        "photo_background", MC_KIND_INVALID,
        "背景不是白色（检测到{kind}，平均色 {measured}）",
        "The background is not white (it is {kind}, {measured} on average)" },

    [MC_P_PHOTO_BACKGROUND_UNEVEN] = {
        "photo_background_uneven", MC_KIND_INVALID,
        "背景不均匀：{kind}有阴影或杂物（白色部分占 {measured}，"
        "要求不低于 {min}）",
        "The background is uneven: shadow or things {kind} ({measured} is "
        "white there, at least {min} is required)" },

    [MC_P_PHOTO_BLURRED] = {
        "photo_blurred", MC_KIND_INVALID,
        "照片模糊：清晰度为 {measured}，要求不低于 {min}。"
        "请使用原图裁剪，不要放大小图",
        "The photo is blurred: sharpness {measured}, at least {min} is "
        "required. Cut it from the original; do not enlarge a small "
        "picture" },

    [MC_P_PHOTO_LOW_QUALITY] = {
        "photo_low_quality", MC_KIND_INVALID,
        "照片压缩过度：质量约为 {measured}，要求不低于 {min}",
        "The photo is compressed too much: quality about {measured}, at "
        "least {min} is required" },

    [MC_P_PHOTO_SAME_REJECTED] = {
        "photo_same_rejected", MC_KIND_INVALID,
        "这张照片此前未通过，请更换照片",
        "This photo was refused before; please use another one" },

    [MC_P_PHOTO_TOO_MANY] = {
        "photo_too_many", MC_KIND_LIMITED,
        "最近 24 小时内已上传 {n} 张照片，请稍后再试",
        "{n} photos uploaded within 24 hours; please try again later" },

    [MC_P_CONSENT_NEEDED] = {
        "consent_needed", MC_KIND_CONFLICT,
        "请先阅读并同意隐私政策",
        "Please accept the privacy notice first" },

    [MC_P_CONSENT_UNKNOWN] = {
        "consent_unknown", MC_KIND_INVALID,
        "没有这一版本的隐私政策，请刷新后重试",
        "There is no such privacy notice; please reload" },

    [MC_P_DECLARATION_MISSING] = {
        "declaration_missing", MC_KIND_INVALID,
        "请先勾选照片声明",
        "Please tick the photo declaration" },

    /* X01 */

    [MC_P_ATTEMPTS_USED] = {
        "attempts_used", MC_KIND_CONFLICT,
        "已上传 {attempts} 次，请联系所属注协现场核验：{contact}",
        "{attempts} tries used; your institute checks on site: {contact}" },

    /* comparison: S24-S26 */

    [MC_P_COMPARE_PENDING] = {
        "compare_pending", MC_KIND_CONFLICT,
        "正在比对，请稍候",
        "Comparison running; please wait" },

    [MC_P_COMPARE_REVIEW] = {
        "compare_review", MC_KIND_CONFLICT,
        "已转人工核验，所属注协将在{review_time}内处理",
        "Passed on to your institute, which answers within {review_time}" },

    [MC_P_COMPARE_MISMATCHED] = {
        "compare_mismatched", MC_KIND_CONFLICT,
        "比对失败，照片与留存信息不一致。第 {n} 次，共 {attempts} 次。"
        "请重新上传，或联系所属注协核验。",
        "Comparison failed: the photo does not fit what is on record. "
        "Try {n} of {attempts}. Please upload another one, or have your "
        "institute check." },

    /* certificate: S34, I08, I13, I14 */

    [MC_P_PROFILE_INCOMPLETE] = {
        "profile_incomplete", MC_KIND_CONFLICT,
        "请您先将基础信息中的必填信息补充完整…",
        "Please first complete the required items of the basic "
        "information" },

    [MC_P_MEMBER_NOT_ACTIVE] = {
        "member_not_active", MC_KIND_CONFLICT,
        "会员状态为“{status}”，暂不能下载会员证，请联系 {contact}",
        "Status “{status}”: no certificate; please contact {contact}" },

    [MC_P_GLYPH_MISSING] = {
        "glyph_missing", MC_KIND_CONFLICT,
        "字库中没有“{char}”，请联系所属注协",
        "No font has “{char}”; please contact your institute" },

    [MC_P_VERSION_CHANGED] = {
        "version_changed", MC_KIND_CONFLICT,
        "信息已变更，请刷新后重新核对",
        "The data has changed; please reload and check it again" },

    [MC_P_CONFIRM_FIRST] = {
        "confirm_first", MC_KIND_CONFLICT,
        "请先确认信息，再下载会员证",
        "Please confirm the data before the download" },

    [MC_P_CONFIRM_AGAIN] = {
        "confirm_again", MC_KIND_CONFLICT,
        "信息已变更，请重新确认",
        "The data has changed; please confirm again" },

    [MC_P_CERTIFICATE_REVOKED] = {
        "certificate_revoked", MC_KIND_CONFLICT,
        "该会员证已于 {date} 撤销（{reason}），如需新的会员证请重新确认信息",
        "This certificate was revoked on {date} ({reason}); confirm the "
        "data again for a new one" },

    [MC_P_LAYOUT_UNKNOWN] = {
        "layout_unknown", MC_KIND_NOT_FOUND,
        "没有这种版式的会员证",
        "There is no certificate of this layout" },

    [MC_P_CODE_UNKNOWN] = {
        "code_unknown", MC_KIND_NOT_FOUND,
        "查无此证，请核对核验码",
        "No certificate has this code; please check it" },

    [MC_P_PHOTO_NOT_SHOWN] = {
        "photo_not_shown", MC_KIND_NOT_FOUND,
        "本人未同意在核验页显示照片",
        "The photo is not shown here" },

    [MC_P_TOO_MANY_CHECKS] = {
        "too_many_checks", MC_KIND_LIMITED,
        "查询次数过多，请 {wait}后再试",
        "Too many checks; try again in {wait}" },

    /* officer: S32, S38 */

    [MC_P_OFFICER_LOGIN_FAILED] = {
        "officer_login_failed", MC_KIND_UNAUTHENTICATED,
        "用户名、密码或动态码错误",
        "Wrong user name, password or code" },

    [MC_P_PHOTO_REPLACED] = {
        "photo_replaced", MC_KIND_CONFLICT,
        "会员已上传新的照片，请核验新照片",
        "The member has uploaded another photo; look at that one" },

    [MC_P_PHOTO_DECIDED] = {
        "photo_decided", MC_KIND_CONFLICT,
        "该照片已处理，无需再次核验",
        "This photo does not wait for a decision any more" },

    [MC_P_REASON_MISSING] = {
        "reason_missing", MC_KIND_INVALID,
        "请选择或填写原因；填写的原因须为一行文字，不超过200个字符",
        "Choose or give a reason: one line of at most 200 characters" },

    [MC_P_SEARCH_SHORT] = {
        "search_short", MC_KIND_INVALID,
        "请至少输入编号的前2位或姓名的第1个汉字",
        "Enter at least 2 letters, or 1 Chinese character" },

    [MC_P_FIELD_MEMBER_ONLY] = {
        "field_member_only", MC_KIND_INVALID,
        "{field}由会员本人修改",
        "{field} is changed by the member" },

    [MC_P_ALREADY_REVOKED] = {
        "already_revoked", MC_KIND_CONFLICT,
        "该会员证已被撤销",
        "This certificate is revoked already" },

    [MC_P_NOT_REVOKED] = {
        "not_revoked", MC_KIND_CONFLICT,
        "该会员证未被撤销",
        "This certificate is not revoked" },

    [MC_P_CAPTCHA_NEEDED] = {
        "captcha_needed", MC_KIND_INVALID,
        "请先完成验证码",
        "Please complete the verification first" },

    [MC_P_CAPTCHA_WRONG] = {
        "captcha_wrong", MC_KIND_INVALID,
        "验证码错误",
        "The code is wrong" },

    [MC_P_CAPTCHA_EXPIRED] = {
        "captcha_expired", MC_KIND_INVALID,
        "验证码已过期",
        "The code has expired" },

    [MC_P_RECOVERY_OFF] = {
        "recovery_off", MC_KIND_NOT_FOUND,
        "本站未开通自助找回，请联系所属注协",
        "Please ask your institute; this site sends no codes" },

    [MC_P_RECOVERY_REFUSED] = {
        "recovery_refused", MC_KIND_INVALID,
        "验证码错误或已过期，请核对后重试或重新获取",
        "The code is wrong or has expired; check it or ask for a new one" },

    [MC_P_MEMBER_DISABLED] = {
        "member_disabled", MC_KIND_CONFLICT,
        "该账号已停用，请先启用",
        "This account is disabled; enable it first" },

    [MC_P_PASSWORD_EXPIRED] = {
        "password_expired", MC_KIND_FORBIDDEN,
        "请先修改密码",
        "Please change your password first" },

    [MC_P_REAUTH_NEEDED] = {
        "reauth_needed", MC_KIND_FORBIDDEN,
        "请先输入密码确认身份",
        "Please confirm with your password first" },

    [MC_P_PASSWORD_WRONG] = {
        "password_wrong", MC_KIND_INVALID,
        "原密码错误",
        "The present password is wrong" },

    [MC_P_PASSWORD_SHORT] = {
        "password_short", MC_KIND_INVALID,
        "密码至少 {min} 个字符",
        "The password needs at least {min} characters" },

    [MC_P_PASSWORD_LONG] = {
        "password_long", MC_KIND_INVALID,
        "密码过长，最多 {max} 字节",
        "The password is too long; at most {max} bytes" },

    [MC_P_PASSWORD_COMMON] = {
        "password_common", MC_KIND_INVALID,
        "密码过于常见，容易被猜到",
        "This password is among those that are guessed first" },

    [MC_P_PASSWORD_CONTEXT] = {
        "password_context", MC_KIND_INVALID,
        "密码不能包含会员编号、证件号码、手机号码等个人信息",
        "The password must not contain your number, name or contact data" },

    [MC_P_PASSWORD_CLASSES] = {
        "password_classes", MC_KIND_INVALID,
        "密码须包含大写字母、小写字母、数字、符号中的至少三种",
        "The password needs three of: capitals, small letters, digits, "
        "signs" },

    [MC_P_PASSWORD_REUSED] = {
        "password_reused", MC_KIND_INVALID,
        "不能使用最近 {n} 次用过的密码",
        "Your last {n} passwords cannot be used again" }
};


static const row_t *
row_of(mc_problem_code_t code)
{
    if ((unsigned) code >= MC_P_COUNT) {
        return &rows[MC_P_NONE];
    }

    return &rows[code];
}


const char *
mc_problem_code(mc_problem_code_t code)
{
    return row_of(code)->code;
}


mc_kind_t
mc_problem_kind(mc_problem_code_t code)
{
    return row_of(code)->kind;
}


const char *
mc_problem_template(mc_problem_code_t code, bool english)
{
    return english ? row_of(code)->en : row_of(code)->zh;
}


mc_problem_code_t
mc_problem_find(mc_str_t name)
{
    unsigned  i;

    for (i = MC_P_NONE + 1; i < MC_P_COUNT; i++) {
        if (mc_str_is(name, rows[i].code)) {
            return (mc_problem_code_t) i;
        }
    }

    return MC_P_NONE;
}
