/*
 * The built-in page: A4 portrait, read by the same code as a configured
 * one.  A text and nothing else.
 *
 * Depends on nothing.  Constant; any thread.
 */

#include "mc_layout_builtin.h"


const char mc_layout_builtin_text[] =
    "page a4;\n"

    /* an English style first, then the one that names it */
    "style title size=40 least=20 tracking=15 leading=1.1 color=#17375e "
        "align=center;\n"
    "style title_en size=12.5 least=8 tracking=3.4 color=#9e7a3b "
        "align=center;\n"
    "style subtitle size=11 least=8 tracking=4.2 color=#5e6e82 "
        "align=center;\n"
    "style issuer_en size=9 least=7.4 tracking=0.36 leading=1.4 "
        "color=#5e6e82 align=center;\n"
    "style issuer size=17 least=13 tracking=2.6 leading=1.4 color=#17375e "
        "align=center en=issuer_en;\n"
    "style statement_en size=9.5 least=8.5 leading=1.4 color=#5e6e82 "
        "align=center;\n"
    "style statement size=14.5 least=12 tracking=0.36 leading=1.6 "
        "color=#1c2026 align=center en=statement_en;\n"
    "style label_en size=7.3 least=6 leading=1.4 color=#5e6e82;\n"
    "style label size=11 least=8 tracking=0.6 leading=1.35 color=#5e6e82 "
        "en=label_en;\n"
    "style value_en size=8.3 least=6.5 leading=1.3 color=#5e6e82;\n"
    "style value size=14 least=10 tracking=0.24 leading=1.3 color=#1c2026 "
        "en=value_en;\n"
    "style name size=20 least=13 tracking=0.36 leading=1.3 color=#1c2026 "
        "en=value_en;\n"
    "style foot_en size=7.8 least=6 leading=1.3 color=#5e6e82 "
        "align=center;\n"
    "style foot_label size=8.5 least=6.5 tracking=0.24 leading=1.3 "
        "color=#5e6e82 align=center en=foot_en;\n"
    "style foot size=10.5 least=7 tracking=0.24 leading=1.3 color=#1c2026 "
        "align=center en=foot_en;\n"
    "style note size=7.8 least=6 tracking=0.24 color=#5e6e82 align=center;\n"

    "guilloche watermark 47.5 104 115;\n"
    "guilloche border;\n"
    "guilloche emblem 95.5 27 19;\n"
    "guilloche divider 59 102 92;\n"

    "title 25 67.3 160 16 title \"会员证书\";\n"
    "text 25 84.3 160 6 title_en \"MEMBERSHIP CERTIFICATE\";\n"
    "text 25 93 160 5 subtitle \"电子会员证\";\n"
    "value issuer 30 48 150 15 issuer;\n"

    "text 30 106 150 24 statement\n"
    "    \"兹证明 $name 为本会$membership，特发此证。\"\n"
    "    \"This is to certify that $name_en is a member of $issuer_en.\";\n"

    "guilloche frame 137.2 139 42.3 52.3;\n"
    "photo 137.2 139 42.3 52.3;\n"
    "text 131 195.2 54.7 note \"确认序号 Serial No. $serial\";\n"

    "label name 29.6 135.6 34.6 12.4 label;\n"
    "value name 65.6 135.6 65 12.4 name;\n"
    "guilloche rule 29.6 148 101;\n"
    "label sex 29.6 148 34.6 12.4 label;\n"
    "value sex 65.6 148 65 12.4 value;\n"
    "guilloche rule 29.6 160.4 101;\n"
    "label category 29.6 160.4 34.6 12.4 label;\n"
    "value category 65.6 160.4 65 12.4 value;\n"
    "guilloche rule 29.6 172.8 101;\n"
    "label certificate_no 29.6 172.8 34.6 12.4 label;\n"
    "value certificate_no 65.6 172.8 65 12.4 value;\n"
    "guilloche rule 29.6 185.2 101;\n"
    "label member_no 29.6 185.2 34.6 12.4 label;\n"
    "value member_no 65.6 185.2 65 12.4 value;\n"
    "guilloche rule 29.6 197.6 101;\n"
    "label admitted_on 29.6 197.6 34.6 12.4 label;\n"
    "value admitted_on 65.6 197.6 65 12.4 value;\n"
    "guilloche rule 29.6 210 101;\n"
    "label institute 29.6 210 34.6 12.4 label;\n"
    "value institute 65.6 210 65 12.4 value;\n"

    "seal national 35.3 226 31;\n"
    "label date 25.8 259 50 foot_label;\n"
    "value date 25.8 266.7 50 foot;\n"
    "qr 85 226.5 40 statement;\n"
    "text 80 269.8 50 note \"扫码核验 Scan to verify\";\n"
    "seal regional 143.7 226 31;\n"
    "label code 134.2 259 50 foot_label;\n"
    "value code 134.2 266.7 50 foot;\n";
