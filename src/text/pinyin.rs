//! How Chinese characters are read: one syllable each, by the word around where it matters.
//!
//! In: text. Out: each character with its syllable, if it is Han. The only user of `pinyin`.

use pinyin::{Pinyin, ToPinyin};

/// The reading of one Chinese character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syllable {
    /// Small letters without tone, `ü` as it is: `chong`, `lü`.
    pub letters: &'static str,
    /// 1 to 4, or 0 for the light tone.
    pub tone: u8,
}

/// Each character of a text with its reading, if it has one: `重启` is `chong2 qi3`.
pub fn syllables(text: &str) -> impl Iterator<Item = (char, Option<Syllable>)> {
    text.char_indices().map(|(at, c)| (c, syllable(text, at, c)))
}

/// A text with its Han spelled out, syllables joined by `-`: `重启 Pod` is `chong-qi Pod`.
pub fn spelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_syllable = false;
    for (c, syllable) in syllables(text) {
        if (after_syllable || syllable.is_some())
            && !out.is_empty()
            && !out.ends_with(['-', ' '])
            && c != ' '
            && c != '-'
        {
            out.push('-');
        }
        match syllable {
            Some(syllable) => out.push_str(&syllable.letters.replace('ü', "v")),
            None => out.push(c),
        }
        after_syllable = syllable.is_some();
    }
    out
}

fn syllable(text: &str, at: usize, c: char) -> Option<Syllable> {
    if c.is_ascii() {
        return None;
    }
    let usual = || c.to_pinyin().map(Pinyin::with_tone_num_end);
    exception(text, at, c).or_else(usual).map(parse)
}

fn parse(reading: &'static str) -> Syllable {
    let letters = reading.trim_end_matches(|c: char| c.is_ascii_digit());
    let tone = reading.as_bytes().last().filter(|b| b.is_ascii_digit());
    Syllable { letters, tone: tone.map_or(0, |digit| digit - b'0') }
}

/// The reading that a word of the table gives to the character at `at`.
fn exception(text: &str, at: usize, c: char) -> Option<&'static str> {
    let first = WORDS.partition_point(|&(other, ..)| other < c);
    let of_this = WORDS[first..].iter().take_while(|&&(other, ..)| other == c);
    let stands_in = |word: &str| {
        let before = word.find(c).unwrap_or_default();
        at >= before && text.get(at - before..).is_some_and(|rest| rest.starts_with(word))
    };
    of_this.clone().find(|(_, _, words)| words.split(' ').any(stands_in)).map(|entry| entry.1)
}

/// Words in which a character is not read as it mostly is, by character in code order.
/// Chosen from what is written about computers; names and rare words are left out.
const WORDS: &[(char, &str, &str)] = &[
    ('中', "zhong4", "命中 选中 击中"),
    (
        '为',
        "wei2",
        "行为 作为 成为 认为 视为 分为 设为 称为 以为 为止 \
         为主 为空",
    ),
    ('乐', "yue4", "音乐 乐器"),
    ('了', "liao3", "了解 明了 了然"),
    ('会', "kuai4", "会计"),
    ('传', "zhuan4", "自传 传记"),
    ('似', "si4", "类似 相似 近似 似乎 疑似 貌似"),
    ('便', "pian2", "便宜"),
    ('倒', "dao3", "倒下 倒塌 倒闭"),
    ('切', "qie1", "切换 切分 切片 切割 切面 切出 切入 切走 切流"),
    ('参', "cen1", "参差"),
    ('塞', "se4", "阻塞 堵塞 拥塞"),
    ('处', "chu3", "处理 处于 处置 处在 处罚"),
    ('差', "cha1", "差异 差距 差别 误差 偏差 时差 温差 差值"),
    ('干', "gan1", "干扰 干预 干净 干涉 若干"),
    ('应', "ying4", "应用 响应 适应 对应 供应 反应 应对 应答 应急 自适应"),
    ('弹', "tan2", "弹性 弹出 弹窗 弹簧 反弹"),
    ('强', "qiang3", "勉强 强迫"),
    ('当', "dang4", "适当 恰当 妥当 当作 当成"),
    ('散', "san4", "分散 扩散 打散 解散"),
    ('更', "geng1", "更新 更改 更换 变更 更替 更正 更名 更迭"),
    ('校', "jiao4", "校验 校对 校准 校正 校订"),
    ('模', "mu2", "模板 模样 模具"),
    ('没', "mo4", "淹没 沉没 没收"),
    ('率', "shuai4", "率先 率领 表率"),
    ('相', "xiang4", "相册 真相 相片"),
    ('着', "zhuo2", "着重 着手 附着 着色 着陆"),
    ('空', "kong4", "空闲 空白 空缺 填空 留空 空隙 空格"),
    ('粘', "zhan1", "粘贴"),
    ('累', "lei3", "累计 累积 累加 积累"),
    ('给', "ji3", "供给 补给 给予 自给"),
    ('藏', "zang4", "宝藏 西藏"),
    (
        '行',
        "hang2",
        "银行 行业 行号 多行 单行 一行 每行 行数 行列 换行 \
         逐行 首行 空行 行首 行尾 整行 命令行 内行 行内 按行 \
         两行 央行 行间 行距",
    ),
    ('要', "yao1", "要求"),
    ('角', "jue2", "角色 主角 配角"),
    (
        '调',
        "tiao2",
        "调整 调节 调优 调试 调谐 调和 调参 协调 微调 可调 \
         空调 调低 调高 调大 调小 调速 调制 调解",
    ),
    ('还', "huan2", "还原 归还 返还 偿还 退还 交还 还清"),
    ('都', "du1", "首都 成都 都市 京都"),
    (
        '重',
        "chong2",
        "重启 重试 重新 重复 重建 重置 重写 重载 重放 重连 \
         重传 重定向 重命名 重构 重叠 重排 重平衡 重均衡 重入 \
         重发 重做 重组 重现 重分 重映射 重拉 重跑 重装 重用 \
         重绘 重编 重开 重签 重签名 重调度 重选 重算 重开始 \
         双重 多重 三重",
    ),
    ('量', "liang2", "测量 衡量 丈量 估量"),
    (
        '长',
        "chang2",
        "长度 长期 长连接 长轮询 最长 时长 较长 长短 长时间 \
         延长 超长 长效 长久 长任务 长尾 周长 很长 过长 变长 \
         特长 长远 长驻 长链接 长字符串 长名 多长 漫长 全长 \
         长文",
    ),
    ('间', "jian4", "间隔 间接 间歇 间断 间谍"),
    ('露', "lou4", "泄露"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let spoken = syllables(text).map(|(c, syllable)| match syllable {
            Some(Syllable { letters, tone: 0 }) => letters.to_owned(),
            Some(Syllable { letters, tone }) => format!("{letters}{tone}"),
            None => c.to_string(),
        });
        spoken.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_decide_how_a_character_is_read() {
        for (text, expected) in [
            ("重启策略", "chong2 qi3 ce4 lüe4"),
            ("权重", "quan2 zhong4"),
            ("长度", "chang2 du4"),
            ("增长", "zeng1 zhang3"),
            ("调度", "diao4 du4"),
            ("调试", "tiao2 shi4"),
            ("运行命令行", "yun4 xing2 ming4 ling4 hang2"),
            ("银行的角色", "yin2 hang2 de jue2 se4"),
            ("参数传递", "can1 shu4 chuan2 di4"),
            ("集群扩容", "ji2 qun2 kuo4 rong2"),
            ("校验与阻塞", "jiao4 yan4 yu3 zu3 se4"),
            ("类似", "lei4 si4"),
            ("弹性伸缩", "tan2 xing4 shen1 suo1"),
            ("了解 Pod", "liao3 jie3   P o d"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn the_table_is_in_order_and_each_word_holds_its_character_once() {
        assert!(WORDS.is_sorted_by_key(|entry| entry.0));
        for (c, reading, words) in WORDS {
            assert!(reading.ends_with(['1', '2', '3', '4']));
            assert!(words.split(' ').all(|word| word.matches(*c).count() == 1), "{c}");
        }
    }
}
