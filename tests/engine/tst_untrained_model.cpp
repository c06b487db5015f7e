// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/reference_attention.h"
#include "engine/model/untrained_model.h"

#include <QTest>

#include <cmath>

using namespace timestep;

namespace {

/// 2,000 merges, as the vocabulary that comes with the program has.
std::shared_ptr<const Vocabulary> vocabularyOfBundledSize()
{
    std::vector<std::pair<std::string, std::string>> merges;
    for (int pair = 0; pair < 2000; ++pair) {
        merges.emplace_back(std::string(1, static_cast<char>(pair % 256)),
            std::string(1, static_cast<char>(pair / 256)));
    }
    return Vocabulary::fromMerges(merges);
}

const LstmWeights<float>& lstmOf(const ModelPair& pair)
{
    return std::get<LstmWeights<float>>(pair.lstm->weights);
}

const AttentionWeights<float>& attentionOf(const ModelPair& pair)
{
    return std::get<AttentionWeights<float>>(pair.attention->weights);
}

} // namespace

class TestUntrainedModel : public QObject
{
    Q_OBJECT

    std::shared_ptr<const Vocabulary> m_vocabulary = vocabularyOfBundledSize();

    ModelPointer mimeticModel() const
    {
        const ModelShape shape { .kind = ModelKind::Attention,
            .vocabulary = m_vocabulary->size(),
            .layers = 2,
            .width = 32,
            .embedding = 32,
            .heads = 2,
            .context = 100,
            .tied = true };
        return untrainedModel(shape, Positions::Learned, m_vocabulary, 1, Start::Mimetic);
    }

private slots:
    /// "Equal parameters" is what every comparison of the pair rests on.
    void pairHasEqualParameters()
    {
        const ModelPair pair = untrainedPair(m_vocabulary, 1);
        const auto lstm = static_cast<double>(pair.lstm->parameters());
        const auto attention = static_cast<double>(pair.attention->parameters());
        QVERIFY(std::abs(lstm - attention) <= 0.05 * std::min(lstm, attention));
        for (const double count : { lstm, attention })
            QVERIFY(count >= 1e6 && count <= 2e6);
    }

    void parametersAreThoseOfTheShape()
    {
        const ModelPair pair = untrainedPair(m_vocabulary, 1);
        const std::int64_t v = m_vocabulary->size();
        QCOMPARE(pair.lstm->parameters(), v * 256 + v + 2 * (4 * 256 * 512 + 2 * 4 * 256));
        // The sinusoids are not trained, the tied head is the embedding.
        QCOMPARE(pair.attention->parameters(), v * 160 + 4 * (12 * 160 * 160 + 13 * 160) + 2 * 160);
    }

    /// "So many tokens back" has to be the same everywhere, and no place like another.
    void mimeticPositionsAreWaves()
    {
        const ModelPointer model = mimeticModel();
        const Matrix<float>& table = std::get<AttentionWeights<float>>(model->weights).positions;
        QCOMPARE(table.rows(), Eigen::Index { 100 });
        for (int back : { 1, 2, 40 })
            for (int t = back; t < 100; ++t)
                QVERIFY(std::abs(table.row(t).dot(table.row(t - back))
                            - table.row(back).dot(table.row(0)))
                    < 1e-4F);
        for (int t = 1; t < 100; ++t)
            QVERIFY((table.row(t) - table.row(0)).norm() > 0.5F);
        QCOMPARE(model->parameters(), parameterCount(model->shape, Positions::Learned));
    }

    void mimeticQueriesBeginAsTheirKeys()
    {
        const ModelPointer model = mimeticModel();
        for (const auto& layer : std::get<AttentionWeights<float>>(model->weights).layers) {
            QCOMPARE(layer.queryKeyValue.leftCols(32), layer.queryKeyValue.middleCols(32, 32));
            QVERIFY(layer.queryKeyValue.leftCols(32) != layer.queryKeyValue.rightCols(32));
        }
    }

    void pairSaysWhatItIs()
    {
        const ModelPair pair = untrainedPair(m_vocabulary, 7);
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            QVERIFY(model->untrained());
            QCOMPARE(model->origin, std::string("untrained, seed 7"));
            QCOMPARE(model->vocabulary, m_vocabulary);
            QCOMPARE(model->shape.vocabulary, m_vocabulary->size());
        }
        QCOMPARE(pair.attention->shape.context, 16384);
        QCOMPARE(pair.lstm->shape.context, 0);
    }

    /// The same on every machine: the numbers come from SplitMix64 written anew in Python.
    void numbersFollowFromTheSeedAlone()
    {
        const ModelPair pair = untrainedPair(m_vocabulary, 1);
        const ModelPair again = untrainedPair(m_vocabulary, 1);
        const ModelPair other = untrainedPair(m_vocabulary, 2);
        QCOMPARE(lstmOf(pair).layers[1].recurrent, lstmOf(again).layers[1].recurrent);
        QCOMPARE(attentionOf(pair).layers[3].contract, attentionOf(again).layers[3].contract);
        QVERIFY(lstmOf(pair).embedding != lstmOf(other).embedding);
        QCOMPARE(lstmOf(pair).embedding(0, 1), -0.095550537109375F);
        QCOMPARE(lstmOf(pair).embedding(1, 1), 1.25384521484375F);
        QCOMPARE(lstmOf(pair).layers[0].recurrent(0, 1), 0.061850741505622864F);
        QCOMPARE(attentionOf(pair).embedding(0, 0), -0.15244750678539276F);
        QCOMPARE(attentionOf(pair).layers[0].contract(0, 0), -0.020924752578139305F);
    }

    void tensorsDifferFromEachOther()
    {
        const ModelPair pair = untrainedPair(m_vocabulary, 1);
        QVERIFY(lstmOf(pair).layers[0].recurrent != lstmOf(pair).layers[1].recurrent);
        QVERIFY(attentionOf(pair).layers[0].expand != attentionOf(pair).layers[1].expand);
    }

    /// Else every picture of the first start would be flat, or every text would look the same.
    void affinitiesDependOnTheText()
    {
        const ModelPair pair = untrainedPair(m_vocabulary, 1);
        const std::vector<TokenId> first { 300, 20, 41, 300, 77, 1000, 5, 20 };
        const std::vector<TokenId> second { 12, 900, 41, 6, 33, 52, 1500, 700 };
        const auto affinity = [&](const std::vector<TokenId>& tokens) {
            const auto kept
                = attentionForward(attentionOf(pair), pair.attention->shape, tokens, true);
            return kept.blocks[0].attention.affinity[0];
        };
        const Matrix<float> one = affinity(first);
        QVERIFY((one.row(7).array() - 1.0F / 8).abs().maxCoeff() > 0.05F);
        QVERIFY((one - affinity(second)).cwiseAbs().maxCoeff() > 0.05F);
    }

    /// A folder opened alone is compared with a model of the same size.
    void partnerHasEqualParameters_data()
    {
        QTest::addColumn<ModelPointer>("model");
        const ModelPair pair = untrainedPair(m_vocabulary, 1);
        QTest::newRow("lstm") << pair.lstm;
        QTest::newRow("attention") << pair.attention;
        const auto sized = [&](ModelKind kind, int layers, int width, int heads) {
            Model model { .name = "sized",
                .origin = "test",
                .shape = { .kind = kind,
                    .vocabulary = 300,
                    .layers = layers,
                    .width = width,
                    .embedding = width,
                    .heads = heads },
                .weights = {},
                .vocabulary = m_vocabulary,
                .warnings = {} };
            AttentionWeights<float> weights;
            weights.embedding.setZero(300, width);
            weights.positions.setZero(64, width);
            weights.head.setZero(300, width);
            weights.layers.resize(static_cast<std::size_t>(layers));
            for (auto& layer : weights.layers)
                layer.expand.setZero(width, 12 * width); // stands for all of the block
            model.weights = weights;
            return std::make_shared<const Model>(std::move(model));
        };
        QTest::newRow("tiny") << ModelPointer(sized(ModelKind::Attention, 1, 3, 1));
        QTest::newRow("narrow and deep") << ModelPointer(sized(ModelKind::Attention, 24, 24, 2));
        QTest::newRow("wide") << ModelPointer(sized(ModelKind::Attention, 2, 384, 6));
    }
    void partnerHasEqualParameters()
    {
        QFETCH(const ModelPointer, model);
        const ModelPointer partner = untrainedPartner(*model, 3);
        QVERIFY(partner->shape.kind != model->shape.kind);
        QVERIFY(partner->untrained());
        QCOMPARE(partner->shape.vocabulary, model->shape.vocabulary);
        QCOMPARE(partner->vocabulary, model->vocabulary);
        const auto wanted = static_cast<double>(model->parameters());
        QVERIFY(std::abs(static_cast<double>(partner->parameters()) - wanted) <= 0.05 * wanted);
        if (partner->shape.kind == ModelKind::Attention)
            QCOMPARE(partner->shape.width % partner->shape.heads, 0);
    }
};

QTEST_APPLESS_MAIN(TestUntrainedModel)
#include "tst_untrained_model.moc"
