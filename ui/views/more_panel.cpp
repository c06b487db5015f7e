// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/more_panel.h"

#include "engine/kernels/kernels.h"
#include "ui/models/model_line.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/explained_choice.h"
#include "ui/views/pair_picker.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>
#include <utility>

namespace timestep {

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

constexpr Strategy lstmStrategies[] = { Strategy::Auto, Strategy::Sequential, Strategy::SubBatch,
    Strategy::HiddenSplit, Strategy::LayerWavefront };
constexpr Strategy attentionStrategies[] = { Strategy::Auto, Strategy::Sequential,
    Strategy::SubBatch, Strategy::Head, Strategy::QueryBlock };

template <std::size_t count>
QStringList namesOf(const Strategy (&strategies)[count])
{
    QStringList names;
    for (const Strategy strategy : strategies)
        names << QString::fromUtf8(strategyName(strategy).data());
    return names;
}

template <std::size_t count>
int placeOf(Strategy strategy, const Strategy (&strategies)[count])
{
    return static_cast<int>(std::find(strategies, strategies + count, strategy) - strategies);
}

std::vector<std::string> kernelNames()
{
    std::vector<std::string> names { std::string() };
    for (const Kernels* kernels : availableKernels())
        names.emplace_back(kernels->name);
    return names;
}

/// What runs where no kernels are chosen here.
QString defaultKernelsText()
{
    const std::string_view name = defaultKernels().name;
    const QString shown = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    return defaultKernelsAreNamed() ? MorePanel::tr("%1, from TIMESTEP_KERNEL").arg(shown)
                                    : MorePanel::tr("the fastest here (%1)").arg(shown);
}

} // namespace

MorePanel::MorePanel(Session& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_scroll(new QScrollArea(this))
{
    setObjectName(QStringLiteral("morePanel"));
    auto* contents = new QWidget;
    contents->setObjectName(QStringLiteral("moreContents"));
    m_form = new QFormLayout(contents);
    m_form->setContentsMargins(16, 14, 16, 14);
    m_form->setHorizontalSpacing(14);
    m_form->setVerticalSpacing(8);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addModels();
    addExecution();
    addWindow();
    addView();
    m_scroll->setWidget(contents);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(m_scroll);
    connect(&session, &Session::settingsChanged, this, &MorePanel::takeSettings);
    connect(&session, &Session::modelsChanged, this, &MorePanel::takeModels);
    connect(&session, &Session::tokensChanged, this, &MorePanel::takeSettings);
    takeModels();
}

QSize MorePanel::sizeHint() const
{
    const QSize contents = m_scroll->widget()->sizeHint();
    return { contents.width() + 14, contents.height() + 4 };
}

void MorePanel::addHeading(const QString& text)
{
    auto* label = new QLabel(text);
    label->setProperty("role", "heading");
    m_form->addRow(label);
}

void MorePanel::addModels()
{
    addHeading(tr("Models"));
    m_pair = new PairPicker(m_session);
    m_form->addRow(tr("Pair"), m_pair);
    connect(m_pair, &PairPicker::chosen, this, &MorePanel::pairChosen);
    m_pairSentence = new QLabel;
    m_pairSentence->setTextFormat(Qt::PlainText);
    m_pairSentence->setWordWrap(true);
    m_pairSentence->setProperty("role", "caption");
    m_form->addRow(QString(), m_pairSentence);
    addModel(tr("LSTM"), m_lstm);
    addModel(tr("Attention"), m_attention);
    auto* open = new QPushButton(tr("Open model folder…  Ctrl+Shift+O"));
    open->setObjectName(QStringLiteral("openModelFolder"));
    open->setAccessibleName(tr("Open model folder…"));
    open->setToolTip(
        tr("A folder as Hugging Face and PyTorch write them; or drop one on the window"));
    open->setProperty("small", true);
    connect(open, &QPushButton::clicked, this, &MorePanel::openModelRequested);
    m_form->addRow(QString(), open);
    QSpinBox* seed = addNumber(
        tr("Seed"), 0, std::numeric_limits<int>::max(),
        [](const Settings& settings) { return static_cast<int>(settings.seed); },
        [](Settings& settings, int number) { settings.seed = static_cast<std::uint64_t>(number); });
    seed->setToolTip(tr("Of the untrained weights"));
}

void MorePanel::addModel(const QString& name, ModelRow& row)
{
    row.choice = new ExplainedChoice(name);
    m_form->addRow(name, row.choice);
    connect(row.choice, &ExplainedChoice::chosen, this,
        [this](const QString& chosen) { m_session.openModel(chosen.toStdString()); });
    row.line = new ElidedLabel;
    row.line->setProperty("role", "caption");
    m_form->addRow(QString(), row.line);
}

void MorePanel::addExecution()
{
    addHeading(tr("Execution"));
    addNumber(
        tr("Threads"), 1, 64, [](const Settings& settings) { return settings.threads; },
        [](Settings& settings, int number) { settings.threads = number; });
    addChoice(
        tr("LSTM strategy"), namesOf(lstmStrategies),
        [](const Settings& settings) { return placeOf(settings.lstmStrategy, lstmStrategies); },
        [](Settings& settings, int place) { settings.lstmStrategy = lstmStrategies[place]; });
    addChoice(
        tr("Attention strategy"), namesOf(attentionStrategies),
        [](const Settings& settings) {
            return placeOf(settings.attentionStrategy, attentionStrategies);
        },
        [](Settings& settings, int place) {
            settings.attentionStrategy = attentionStrategies[place];
        });
    addChoice(
        tr("Attention looks at"), { tr("what precedes (causal)"), tr("what follows, too") },
        [](const Settings& settings) { return settings.causal ? 0 : 1; },
        [](Settings& settings, int place) { settings.causal = place == 0; });
    const std::vector<std::string> kernels = kernelNames();
    QStringList names { defaultKernelsText() };
    for (std::size_t i = 1; i < kernels.size(); ++i)
        names << QString::fromStdString(kernels[i]);
    addChoice(
        tr("Kernel"), names,
        [kernels](const Settings& settings) {
            return static_cast<int>(
                std::find(kernels.begin(), kernels.end(), settings.kernel) - kernels.begin());
        },
        [kernels](Settings& settings, int place) {
            settings.kernel = kernels[static_cast<std::size_t>(place)];
        });
    QSpinBox* memory = addNumber(
        tr("Memory"), 0, std::numeric_limits<int>::max(),
        [](const Settings& settings) { return static_cast<int>(settings.memoryBudget / mebibyte); },
        [](Settings& settings, int number) {
            settings.memoryBudget = static_cast<std::size_t>(number) * mebibyte;
        });
    memory->setSuffix(tr(" MiB"));
    memory->setSpecialValueText(tr("half of what is free"));
}

void MorePanel::addWindow()
{
    addHeading(tr("Text in use"));
    addNumber(
        tr("First token"), 1, std::numeric_limits<int>::max(),
        [](const Settings& settings) { return settings.windowBegin + 1; },
        [](Settings& settings, int number) { settings.windowBegin = number - 1; });
    addNumber(
        tr("Most tokens"), 1, std::numeric_limits<int>::max(),
        [this](const Settings& settings) {
            const ModelPair& models = m_session.models();
            return models.lstm ? windowLength(models, settings) : settings.windowLength;
        },
        [](Settings& settings, int number) { settings.windowLength = number; });
    m_layer = addChoice(
        tr("Layer in Steps"), {},
        [](const Settings& settings) { return settings.plannedLayer + 1; },
        [](Settings& settings, int place) { settings.plannedLayer = place - 1; });
}

void MorePanel::addView()
{
    addHeading(tr("Look"));
    m_theme = new QComboBox;
    m_theme->addItems({ tr("as the system"), tr("light"), tr("dark") });
    m_theme->setAccessibleName(tr("Theme"));
    m_form->addRow(tr("Theme"), m_theme);
    connect(m_theme, &QComboBox::activated, this, [this](int place) {
        m_view.theme = static_cast<ThemeChoice>(place);
        emit viewSettingsChosen(m_view);
    });
    m_motion = new QComboBox;
    m_motion->addItems({ tr("as the system"), tr("gliding"), tr("in jumps") });
    m_motion->setAccessibleName(tr("Playback"));
    m_form->addRow(tr("Playback"), m_motion);
    connect(m_motion, &QComboBox::activated, this, [this](int place) {
        m_view.motion = static_cast<Motion>(place);
        emit viewSettingsChosen(m_view);
    });
}

void MorePanel::showViewSettings(const ViewSettings& settings)
{
    m_view = settings;
    m_theme->setCurrentIndex(static_cast<int>(settings.theme));
    m_motion->setCurrentIndex(static_cast<int>(settings.motion));
}

QSpinBox* MorePanel::addNumber(const QString& name, int least, int most,
    std::function<int(const Settings&)> read, std::function<void(Settings&, int)> write)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setKeyboardTracking(false);
    box->setGroupSeparatorShown(true);
    box->setAccessibleName(name);
    m_form->addRow(name, box);
    connect(box, &QSpinBox::valueChanged, this, [this, write = std::move(write)](int number) {
        change([&](Settings& settings) { write(settings, number); });
    });
    m_readers.push_back([box, read = std::move(read)](const Settings& settings) {
        const QSignalBlocker quiet(box);
        box->setValue(read(settings));
    });
    return box;
}

QComboBox* MorePanel::addChoice(const QString& name, const QStringList& choices,
    std::function<int(const Settings&)> read, std::function<void(Settings&, int)> write)
{
    auto* box = new QComboBox;
    box->addItems(choices);
    box->setAccessibleName(name);
    m_form->addRow(name, box);
    connect(box, &QComboBox::activated, this, [this, write = std::move(write)](int place) {
        change([&](Settings& settings) { write(settings, place); });
    });
    m_readers.push_back([box, read = std::move(read)](
                            const Settings& settings) { box->setCurrentIndex(read(settings)); });
    return box;
}

void MorePanel::change(const std::function<void(Settings&)>& edit)
{
    Settings settings = m_session.settings();
    edit(settings);
    m_session.setSettings(settings);
    takeSettings(); // what was out of range is shown as it became
}

void MorePanel::takeSettings()
{
    for (const auto& read : m_readers)
        read(m_session.settings());
}

void MorePanel::takeModel(const ModelPointer& model, ModelRow& row)
{
    row.line->setFullText(model ? modelLine(*model) : tr("being made…"));
    row.line->setDetail(model ? modelNotes(*model) : QString());
    row.choice->setItems(
        model ? modelItems(row.kind, *model->vocabulary) : std::vector<ExplainedItem>());
    const bool listed = model && (model->bundled() || bundledPairOf(m_session.models()));
    row.choice->showItem(listed ? QString::fromStdString(model->name) : QString(),
        { .name = {},
            .title = model ? QString::fromStdString(model->name) : tr("being made…"),
            .sentence = {} });
}

void MorePanel::takeModels()
{
    const ModelPair& models = m_session.models();
    m_pairSentence->setText(m_pair->sentence());
    takeModel(models.lstm, m_lstm);
    takeModel(models.attention, m_attention);
    m_layer->clear();
    m_layer->addItem(tr("all layers"));
    const int layers
        = models.lstm ? std::max(models.lstm->shape.layers, models.attention->shape.layers) : 1;
    for (int layer = 0; layer < layers; ++layer)
        m_layer->addItem(tr("layer %1").arg(layer + 1));
    takeSettings();
}

void MorePanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        emit closeRequested();
    else
        QFrame::keyPressEvent(event);
}

} // namespace timestep

#include "moc_more_panel.cpp"
