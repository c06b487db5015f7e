// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/prediction_change.h"
#include "engine/model/reference_lstm.h"
#include "ui/models/next_tokens.h"
#include "ui/models/number_text.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/steps_broken_link.h"
#include "ui/views/steps_workspace.h"

#include <QTest>

using namespace timestep;

namespace {

constexpr int patienceMs = 60000;

class Window
{
public:
    Window()
        : workspace(session)
    {
        workspace.resize(900, 500);
        workspace.show();
        session.setText("Ann has the red key and Bob");
        session.openModels({ "untrained" });
        if (!QTest::qWaitFor([this] { return session.run() && !session.busy(); }, patienceMs))
            qFatal("the text was not read");
    }

    void breakLinks(bool broken, int layer = -1)
    {
        Settings settings = session.settings();
        settings.breaksLink = broken;
        settings.plannedLayer = layer;
        session.setSettings(settings);
    }

    bool waitFor(const QString& part)
    {
        return QTest::qWaitFor(
            [&] { return line().isVisible() && line().fullText().contains(part); }, patienceMs);
    }

    ElidedLabel& line() const
    {
        return *workspace.findChild<ElidedLabel*>(QStringLiteral("brokenLink"));
    }

    Session session;
    StepsWorkspace workspace;
};

/// The text read by the readable reference, whose states are all zero when `step` begins: what is
/// read from there on is read as a text of its own.
Matrix<float> logitsWithoutWhatPrecedes(const Run& run, int step)
{
    std::vector<TokenId> ids;
    for (int token = run.window.begin + step; token < run.window.end; ++token)
        ids.push_back(run.tokens[std::size_t(token)].id);
    const auto weights = std::get<LstmWeights<float>>(run.lstm->model->weights).cast<double>();
    return lstmLogits<double>(weights, lstmForward<double>(weights, ids).back().hidden)
        .cast<float>();
}

QString bits(const Matrix<float>& before, int step, const Matrix<float>& after, int row)
{
    const auto rowOf = [](const Matrix<float>& logits, int at) {
        return std::span(logits.row(at).data(), std::size_t(logits.cols()));
    };
    return numberLocale().toString(divergenceBits(rowOf(before, step), rowOf(after, row)), 'g', 2);
}

} // namespace

class TestStepsBrokenLink : public QObject
{
    Q_OBJECT
private slots:
    void isShownWhenAskedFor()
    {
        Window window;
        QVERIFY(!window.line().isVisible());
        window.breakLinks(true);
        QVERIFY(window.waitFor(QStringLiteral("instead of")));
        window.breakLinks(false);
        QVERIFY(!window.line().isVisible());
    }

    /// In all layers at once, nothing of what precedes is left.
    void theWrongPredictionIsThatOfARealRun()
    {
        Window window;
        const auto run = window.session.run();
        const int step = 4;
        const int last = run->window.count() - 1;
        window.session.selection().pinToken(run->window.begin + step);
        window.breakLinks(true);
        QVERIFY(window.waitFor(QStringLiteral("at the end")));
        const Matrix<float> wrong = logitsWithoutWhatPrecedes(*run, step);
        for (const int at : { step, last }) {
            const QString off = bits(run->lstm->logits, at, wrong, at - step);
            QVERIFY2(window.line().fullText().contains(off + " bits off"),
                qPrintable(off + u'|' + window.line().fullText()));
            QVERIFY(window.line().fullText().contains(
                QStringLiteral("instead of “%1”").arg(bestNextToken(*run->lstm, at).label)));
        }
    }

    /// Of one layer, what the others know is still there.
    void onlyThePlannedLayerIsBroken()
    {
        const ModelShape shape { .layers = 3 };
        const LstmIntervention all = brokenLink(shape, -1, 5);
        const LstmIntervention second = brokenLink(shape, 1, 5);
        const LstmIntervention beyond = brokenLink(shape, 7, 5);
        QCOMPARE(all.cutLinks.size(), std::size_t { 3 });
        for (int layer = 0; layer < 3; ++layer) {
            QVERIFY(all.cuts(layer, 5) && !all.cuts(layer, 4));
            QCOMPARE(all.forgetGate(layer, 5, 0), std::optional<float>(0));
            QCOMPARE(second.cuts(layer, 5), layer == 1);
            QCOMPARE(beyond.cuts(layer, 5), layer == 2);
        }
        QVERIFY(!all.forgetGate(0, 6, 0));
    }

    void withoutAPinItIsTheLastStep()
    {
        Window window;
        window.breakLinks(true);
        QVERIFY(window.waitFor(QStringLiteral("instead of")));
        QVERIFY(!window.line().fullText().contains("at the end"));
        window.session.setText("A"); // a single step has none before it
        QTRY_VERIFY_WITH_TIMEOUT(!window.line().isVisible(), patienceMs);
    }
};

QTEST_MAIN(TestStepsBrokenLink)
#include "tst_steps_broken_link.moc"
