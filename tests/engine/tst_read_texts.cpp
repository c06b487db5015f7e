// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/read_texts.h"
#include "tests/engine/reading_cases.h"

#include <QTest>

using namespace timestep;

namespace {

constexpr int steps = 30;

/// More than are read at once, of several lengths, with positions at their ends and before.
std::vector<TextToRead> someTexts(int count = 70)
{
    std::vector<TextToRead> texts;
    for (int i = 0; i < count; ++i) {
        TextToRead text { .tokens = someIds(1 + i * 7 % steps, std::uint64_t(i)) };
        text.position = static_cast<int>(text.tokens.size()) - 1 - (i % 3 == 0 ? 0 : i % 2);
        text.position = std::max(text.position, 0);
        texts.push_back(std::move(text));
    }
    return texts;
}

std::vector<std::vector<float>> readingsOf(
    const TextReading& reading, const std::vector<TextToRead>& texts)
{
    std::vector<std::vector<float>> found;
    const bool finished
        = readTexts(reading, texts, {}, [&](std::size_t text, std::span<const float> logits) {
              if (text == found.size())
                  found.emplace_back(logits.begin(), logits.end());
          });
    return finished ? found : std::vector<std::vector<float>> {};
}

} // namespace

/// What everything that reads texts side by side relies on: that nobody can tell.
class TestReadTexts : public QObject
{
    Q_OBJECT
private slots:
    void eachIsReadToTheSameBitsAsAlone_data() { addReaderRows(); }
    void eachIsReadToTheSameBitsAsAlone()
    {
        QFETCH(int, kind);
        QFETCH(bool, causal);
        const PackedModel model(smallModel(ModelKind(kind), steps), defaultKernels());
        Executor executor(2);
        const std::vector<TextToRead> texts = someTexts();
        const auto found = readingsOf({ model, executor, causal }, texts);
        QCOMPARE(found.size(), texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const Matrix<float> alone = logitsAlone(model, texts[i].tokens, causal, executor);
            QVERIFY2(sameBits(found[i].data(), alone.row(texts[i].position).data(),
                         std::size_t(alone.cols())),
                qPrintable(QStringLiteral("text %1").arg(i)));
        }
    }

    void littleMemoryTakesFewerAtOnce_data() { addReaderRows(); }
    void littleMemoryTakesFewerAtOnce()
    {
        QFETCH(int, kind);
        QFETCH(bool, causal);
        const PackedModel model(smallModel(ModelKind(kind), steps), defaultKernels());
        Executor executor(2);
        const std::vector<TextToRead> texts = someTexts(20);
        const auto all = readingsOf({ model, executor, causal }, texts);
        QCOMPARE(readingsOf({ model, executor, causal, 300'000 }, texts), all);
        try {
            readingsOf({ model, executor, causal, 10'000 }, texts);
            QFAIL("not refused");
        } catch (const Error& error) {
            QVERIFY(QString(error.what()).contains("budget is 10000"));
        }
    }

    void aTextBeyondTheContextIsRefused()
    {
        const PackedModel model(smallModel(ModelKind::Attention, steps), defaultKernels());
        Executor executor(1);
        std::vector<TextToRead> texts = someTexts(3);
        texts.push_back({ someIds(steps + 3), 0 });
        bool any = false;
        try {
            readTexts({ model, executor }, texts, {},
                [&](std::size_t, std::span<const float>) { any = true; });
            QFAIL("not refused");
        } catch (const Error& error) {
            QVERIFY(QString(error.what()).contains("32 at most"));
        }
        QVERIFY(!any);
    }

    void noTextsAreReadAtOnce()
    {
        const PackedModel model(smallModel(ModelKind::Lstm, steps), defaultKernels());
        Executor executor(1);
        QVERIFY(readTexts({ model, executor }, {}, {}, [](auto, auto) { QFAIL("none"); }));
    }

    void stoppingEndsIt()
    {
        const PackedModel model(smallModel(ModelKind::Lstm, steps), defaultKernels());
        Executor executor(2);
        std::stop_source stop;
        std::size_t read = 0;
        QVERIFY(!readTexts({ model, executor }, someTexts(), stop.get_token(),
            [&](std::size_t, std::span<const float>) {
                ++read;
                stop.request_stop();
            }));
        QCOMPARE(read, std::size_t(64)); // those that were there already
    }
};

QTEST_APPLESS_MAIN(TestReadTexts)
#include "tst_read_texts.moc"
