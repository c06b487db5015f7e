// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/cross_entropy.h"
#include "engine/training/vocabulary_loss.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace timestep;

namespace {

Matrix<float> randomMatrix(int rows, int columns, std::uint32_t seed)
{
    const std::vector<float> values
        = randomFloats(static_cast<std::size_t>(rows) * columns, seed, 1.5F);
    return Eigen::Map<const Matrix<float>>(values.data(), rows, columns);
}

struct Head
{
    Matrix<float> weights; // (V, D)
    RowVector<float> bias; // (V), or empty
    Matrix<float> hidden; // (n, D)
    std::vector<TokenId> targets; // n

    Head(int vocabulary, int width, int positions, bool biased)
        : weights(randomMatrix(vocabulary, width, 1))
        , hidden(randomMatrix(positions, width, 2))
    {
        if (biased)
            bias = randomMatrix(1, vocabulary, 3);
        for (int i = 0; i < positions; ++i)
            targets.push_back(i % 3 == 2 ? uncounted : (7 * i) % vocabulary);
    }
};

struct Result
{
    double loss = 0;
    Matrix<float> hiddenGradient, headGradient;
    RowVector<float> biasGradient;
};

/// `positions` at once.
Result run(const Kernels& kernels, const Head& head, float scale, int positions)
{
    const PackedHead packed(head.weights, head.bias);
    VocabularyLoss loss(kernels, packed.vocabulary, packed.width);
    Result result;
    result.hiddenGradient = Matrix<float>::Constant(head.hidden.rows(), head.hidden.cols(), -9);
    result.headGradient = Matrix<float>::Zero(head.weights.rows(), head.weights.cols());
    result.biasGradient = RowVector<float>::Zero(head.weights.rows());
    const auto width = static_cast<std::size_t>(packed.width);
    const std::span<const TokenId> targets(head.targets);
    for (std::size_t first = 0; first < targets.size(); first += positions) {
        const auto part
            = targets.subspan(first, std::min<std::size_t>(positions, targets.size() - first));
        result.loss += *loss.run(packed, head.hidden.data() + first * width, width, part, scale,
            result.hiddenGradient.data() + first * width, width,
            { result.headGradient.data(), result.biasGradient.data() }, Worker {});
    }
    return result;
}

/// All targets count; `positions` at once.
std::vector<Judgement> judge(const Kernels& kernels, const Head& head, std::size_t positions = 1000)
{
    const auto width = static_cast<std::size_t>(head.hidden.cols());
    const PackedMatrix weights(static_cast<int>(width), static_cast<int>(head.weights.rows()),
        [&](int k, int token) { return head.weights(token, k); });
    VocabularyLoss loss(kernels, weights.columns(), weights.depth());
    const std::span<const TokenId> targets(head.targets);
    std::vector<Judgement> judgements(targets.size());
    for (std::size_t first = 0; first < targets.size(); first += positions) {
        const std::size_t count = std::min(positions, targets.size() - first);
        if (!loss.judge({ &weights, head.bias.size() > 0 ? head.bias.data() : nullptr },
                head.hidden.data() + first * width, width, targets.subspan(first, count),
                std::span(judgements).subspan(first, count), Worker {}))
            qFatal("stopped by nobody");
    }
    return judgements;
}

TokenId best(const Matrix<double>& logits, Eigen::Index row)
{
    Eigen::Index token = 0;
    logits.row(row).maxCoeff(&token);
    return static_cast<TokenId>(token);
}

void see(WorstElement& worst, const Matrix<float>& found, const Matrix<double>& expected,
    const std::string& name)
{
    QCOMPARE(found.rows(), expected.rows());
    const double bound = 1e-5 * (1e-6 + expected.cwiseAbs().maxCoeff());
    for (Eigen::Index i = 0; i < found.rows(); ++i)
        for (Eigen::Index j = 0; j < found.cols(); ++j)
            worst.see(found(i, j), expected(i, j), bound,
                name + "(" + std::to_string(i) + ", " + std::to_string(j) + ")");
}

} // namespace

class TestVocabularyLoss : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheTextbook_data() { addKernelRows(); }
    void agreesWithTheTextbook()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        struct Case
        {
            int vocabulary, width, positions;
            bool biased;
        };
        for (const Case c : { Case { 2, 1, 1, false }, Case { 17, 5, 4, true },
                 Case { 257, 33, 70, false }, Case { 300, 64, 130, true } }) {
            const Head head(c.vocabulary, c.width, c.positions, c.biased);
            const Result found = run(kernels, head, 0.125F, c.positions);
            const Matrix<double> weights = head.weights.cast<double>();
            const Matrix<double> hidden = head.hidden.cast<double>();
            Matrix<double> logits = hidden * weights.transpose();
            if (c.biased)
                logits.rowwise() += head.bias.cast<double>();
            const CrossEntropy<double> expected = crossEntropy<double>(logits, head.targets);
            const Matrix<double> gradient = 0.125 * expected.logitGradient;
            worst.see(static_cast<float>(found.loss), expected.sum, 1e-5 * expected.sum, "loss");
            see(worst, found.hiddenGradient, gradient * weights, "hidden state ");
            see(worst, found.headGradient, gradient.transpose() * hidden, "head ");
            see(worst, found.biasGradient, gradient.colwise().sum(), "bias ");
        }
        VERIFY_WORST(worst);
    }

    void isTheSameBitsHoweverThePositionsAreCut()
    {
        const Head head(257, 33, 150, true);
        const Result whole = run(defaultKernels(), head, 0.01F, 150);
        for (int positions : { 1, 7, 64, 100 }) {
            const Result parts = run(defaultKernels(), head, 0.01F, positions);
            QVERIFY(parts.hiddenGradient == whole.hiddenGradient);
            QVERIFY(parts.headGradient == whole.headGradient);
            QVERIFY(parts.biasGradient == whole.biasGradient);
            QVERIFY(std::abs(parts.loss - whole.loss) <= 1e-12 * whole.loss);
        }
    }

    void nothingCountedIsNoLossAndNoGradient()
    {
        Head head(20, 8, 5, false);
        std::fill(head.targets.begin(), head.targets.end(), uncounted);
        const Result found = run(defaultKernels(), head, 1, 5);
        QCOMPARE(found.loss, 0.0);
        QVERIFY(found.hiddenGradient.isZero(0));
        QVERIFY(found.headGradient.isZero(0));
    }

    void largeLogitsDoNotOverflow_data() { addKernelRows(); }
    void largeLogitsDoNotOverflow()
    {
        Head head(20, 8, 1, false);
        head.weights *= 1000;
        const Result found = run(fetchKernels(), head, 1, 1);
        QVERIFY(std::isfinite(found.loss));
        QVERIFY(found.hiddenGradient.allFinite());
    }

    void showsWhatIsNotANumber_data() { addKernelRows(); }
    void showsWhatIsNotANumber()
    {
        Head head(20, 8, 2, false);
        head.hidden(1, 3) = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(std::isnan(run(fetchKernels(), head, 1, 2).loss));
    }

    void judgesAsTheTextbookDoes_data() { addKernelRows(); }
    void judgesAsTheTextbookDoes()
    {
        WorstElement worst;
        int right = 0;
        for (const bool biased : { false, true }) {
            Head head(300, 64, 130, biased);
            Matrix<double> logits
                = head.hidden.cast<double>() * head.weights.cast<double>().transpose();
            if (biased)
                logits.rowwise() += head.bias.cast<double>();
            for (int i = 0; i < 130; ++i) // every third is what is likeliest
                head.targets[static_cast<std::size_t>(i)]
                    = i % 3 == 0 ? best(logits, i) : (7 * i) % 300;
            const std::vector<Judgement> found = judge(fetchKernels(), head);
            for (int i = 0; i < 130; ++i) {
                const Judgement& one = found[static_cast<std::size_t>(i)];
                const TokenId target = head.targets[static_cast<std::size_t>(i)];
                const double expected
                    = crossEntropy<double>(logits.row(i), std::span(&target, 1)).sum;
                worst.see(static_cast<float>(one.loss), expected, 1e-5 * (1 + expected),
                    "loss of " + std::to_string(i));
                QCOMPARE(one.right, target == best(logits, i));
                right += one.right ? 1 : 0;
            }
        }
        VERIFY_WORST(worst);
        QVERIFY(right >= 2 * 44 && right < 2 * 130);
    }

    void judgesToTheSameBitsHoweverThePositionsAreCut()
    {
        Head head(257, 33, 150, true);
        std::ranges::replace(head.targets, uncounted, 5);
        const std::vector<Judgement> whole = judge(defaultKernels(), head);
        for (const std::size_t positions : { 1, 7, 64, 100 })
            QVERIFY(judge(defaultKernels(), head, positions) == whole);
    }

    void ofEquallyLikelyTokensTheLowestIdCounts_data() { addKernelRows(); }
    void ofEquallyLikelyTokensTheLowestIdCounts()
    {
        Head head(20, 8, 3, true);
        head.hidden.setZero();
        head.bias.setConstant(0.25F);
        head.bias(0) = 0;
        head.targets = { 0, 1, 2 };
        const std::vector<Judgement> found = judge(fetchKernels(), head);
        QVERIFY(!found[0].right);
        QVERIFY(found[1].right);
        QVERIFY(!found[2].right);
        QCOMPARE(found[1].loss, found[2].loss);
    }

    void whatIsNotANumberIsNotRight_data() { addKernelRows(); }
    void whatIsNotANumberIsNotRight()
    {
        Head head(20, 8, 1, false);
        head.hidden(0, 3) = std::numeric_limits<float>::quiet_NaN();
        const Judgement found = judge(fetchKernels(), head).front();
        QVERIFY(std::isnan(found.loss));
        QVERIFY(!found.right);
    }

    void stopsBetweenPieces()
    {
        const Head head(257, 33, 150, false);
        const PackedHead packed(head.weights, head.bias);
        VocabularyLoss loss(defaultKernels(), 257, 33);
        Matrix<float> hiddenGradient(150, 33);
        Matrix<float> headGradient = Matrix<float>::Zero(257, 33);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!loss.run(packed, head.hidden.data(), 33, head.targets, 1, hiddenGradient.data(),
            33, { headGradient.data(), nullptr }, Worker { 0, stop.get_token() }));
        std::vector<Judgement> judgements(head.targets.size());
        QVERIFY(!loss.judge({ &packed.predicting, nullptr }, head.hidden.data(), 33, head.targets,
            judgements, Worker { 0, stop.get_token() }));
    }
};

QTEST_APPLESS_MAIN(TestVocabularyLoss)
#include "tst_vocabulary_loss.moc"
