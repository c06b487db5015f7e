// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_workspace.h"

#include "ui/models/number_text.h"
#include "ui/session/session.h"
#include "ui/views/flow_layout.h"
#include "ui/views/lanes_view.h"
#include "ui/views/loss_plot.h"
#include "ui/views/side_column.h"
#include "ui/views/training_bar.h"
#include "ui/views/training_data.h"
#include "ui/views/training_figures_panel.h"
#include "ui/views/training_lanes.h"
#include "ui/views/training_sentence.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSpinBox>
#include <QVBoxLayout>

#include <utility>

namespace timestep {

namespace {

constexpr int stepsOfPicture = 200;
constexpr int courseDelay = 150; // ms: while a slider moves, nothing begins
constexpr int sentenceDelay = 1000; // ms: long enough to be read
constexpr int lanesDelay = 400; // ms: long enough to be looked at

/// Pairs of the recall task; 0: the typed text.
constexpr int tasks[] = { 0, 1, 2, 3, 4 };

} // namespace

TrainingWorkspace::TrainingWorkspace(Session& session, QWidget* parent)
    : Workspace(parent)
    , m_session(session)
    , m_task(new QComboBox)
    , m_way(new QComboBox)
    , m_averageEvery(new QSpinBox)
    , m_learningRate(new QComboBox)
    , m_axis(new QComboBox)
    , m_logarithmic(new QCheckBox(tr("logarithmic")))
    , m_plot(new LossPlot)
    , m_lanes(new LanesView(trainingLook))
    , m_figures(new TrainingFiguresPanel)
    , m_side(new SideColumn)
    , m_bar(new TrainingBar(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* controls = new FlowLayout;
    buildControls(*controls);
    layout->addLayout(controls);
    layout->addWidget(buildPictures(), 1);
    m_bar->hide(); // the window shows it
    m_courseChanges.setSingleShot(true);
    m_courseChanges.setInterval(courseDelay);
    connectAll();
    showAll();
}

QString TrainingWorkspace::title() const { return tr("Training"); }

QWidget* TrainingWorkspace::bottomBar() { return m_bar; }

void TrainingWorkspace::buildControls(FlowLayout& row)
{
    constexpr int FewestLetters = 8; // where there is no room for more
    row.setSpacing(10);
    for (const int pairs : tasks)
        m_task->addItem(pairs == 0 ? tr("on the typed text")
                : pairs == 1       ? tr("on recall, 1 pair")
                                   : tr("on recall, 1 to %1 pairs").arg(pairs),
            pairs);
    m_task->setAccessibleName(tr("What is learned"));
    m_task->setToolTip(tr("recall: prompts like q3=7 a9=1 q3=, to be answered 7"));
    m_way->addItem(tr("data parallel: sub-batches"), static_cast<int>(TrainingWay::DataParallel));
    m_way->addItem(tr("model parallel: hidden units"), static_cast<int>(TrainingWay::HiddenUnits));
    m_way->addItem(tr("model parallel: layers"), static_cast<int>(TrainingWay::Layers));
    m_way->addItem(tr("averaged copies"), static_cast<int>(TrainingWay::AveragedCopies));
    m_way->setAccessibleName(tr("How a step is split"));
    m_way->setToolTip(tr("may change while they are trained; attention has no units or layers "
                         "to split by and stays split by rows"));
    m_averageEvery->setRange(1, 1000);
    m_averageEvery->setValue(10);
    m_averageEvery->setPrefix(tr("every "));
    m_averageEvery->setSuffix(tr(" steps"));
    m_averageEvery->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_averageEvery->setToolTip(tr("type it, or use the wheel or the arrow keys"));
    m_averageEvery->setAccessibleName(tr("Steps between two averagings"));
    for (const double rate : { 0.0003, 0.001, 0.003, 0.01 })
        m_learningRate->addItem(tr("rate %1").arg(rate), rate);
    m_learningRate->setCurrentIndex(2);
    m_learningRate->setAccessibleName(tr("Learning rate"));
    m_axis->addItem(tr("by steps"), static_cast<int>(LossAxis::Steps));
    m_axis->addItem(tr("by seconds"), static_cast<int>(LossAxis::Seconds));
    m_axis->setAccessibleName(tr("Loss by steps or by seconds"));
    m_axis->setToolTip(tr("seconds: those of the model's own steps"));
    m_logarithmic->setChecked(true);
    m_logarithmic->setAccessibleName(tr("Logarithmic axis of the loss"));
    for (QComboBox* box : { m_task, m_way, m_learningRate, m_axis })
        box->setMinimumContentsLength(FewestLetters);
    for (QWidget* control : { static_cast<QWidget*>(m_task), static_cast<QWidget*>(m_way),
             static_cast<QWidget*>(m_averageEvery), static_cast<QWidget*>(m_learningRate),
             static_cast<QWidget*>(m_axis), static_cast<QWidget*>(m_logarithmic) }) {
        control->setProperty("small", true);
        row.addWidget(control);
    }
}

QWidget* TrainingWorkspace::buildPictures()
{
    auto* pictures = new QWidget;
    auto* layout = new QHBoxLayout(pictures);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(20);
    auto* left = new QVBoxLayout;
    left->setSpacing(6);
    left->addWidget(m_plot, 1);
    left->addWidget(m_lanes, 1);
    layout->addLayout(left, 1);
    m_side->parts().addWidget(m_figures);
    m_side->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored); // as high as the pictures
    layout->addWidget(m_side);
    m_lanes->setAccessibleName(tr("What each worker did in the last step"));
    return pictures;
}

void TrainingWorkspace::connectAll()
{
    connect(&m_runner, &TrainingRunner::changed, this, &TrainingWorkspace::takeProgress);
    connect(&m_runner, &TrainingRunner::kept, this, &TrainingWorkspace::takeModels);
    connect(&m_runner, &TrainingRunner::failed, &m_session, &Session::failed);
    connect(m_bar, &TrainingBar::toggled, this, &TrainingWorkspace::toggle);
    connect(m_bar, &TrainingBar::startAnew, this, &TrainingWorkspace::startAnew);
    connect(m_bar, &TrainingBar::check, this, [this] { m_runner.check(wantedCourse()); });
    connect(m_bar, &TrainingBar::keep, &m_runner, &TrainingRunner::keep);
    connect(m_bar, &TrainingBar::putBack, this, &TrainingWorkspace::putBack);
    connect(&m_courseChanges, &QTimer::timeout, this, &TrainingWorkspace::takeCourse);
    const auto courseChanges = [this] {
        m_averageEvery->setVisible(wantedCourse().way == TrainingWay::AveragedCopies);
        m_courseChanges.start();
    };
    connect(&m_session, &Session::settingsChanged, this, courseChanges);
    connect(m_way, &QComboBox::currentIndexChanged, this, courseChanges);
    connect(m_learningRate, &QComboBox::currentIndexChanged, this, courseChanges);
    connect(m_averageEvery, &QSpinBox::valueChanged, this, courseChanges);
    connect(m_task, &QComboBox::currentIndexChanged, this, &TrainingWorkspace::showAll);
    connect(&m_session, &Session::tokensChanged, this, &TrainingWorkspace::showBar);
    connect(&m_session, &Session::modelsChanged, this, &TrainingWorkspace::showBar);
    connect(m_axis, &QComboBox::currentIndexChanged, this, &TrainingWorkspace::showCurves);
    connect(m_logarithmic, &QCheckBox::toggled, m_plot, &LossPlot::setLogarithmic);
    connect(m_plot, &LossPlot::thresholdDragged, m_figures, &TrainingFiguresPanel::setThreshold);
    connect(m_figures, &TrainingFiguresPanel::thresholdChanged, this, [this](double loss) {
        m_plot->setThreshold(loss);
        showFigures();
    });
    courseChanges();
}

TrainingSubject TrainingWorkspace::wantedSubject() const
{
    const Settings& settings = m_session.settings();
    TrainingSubject subject;
    const int pairs = m_task->currentData().toInt();
    subject.seed = settings.seed;
    subject.kernel = settings.kernel;
    if (pairs > 0) {
        subject.task = TrainingTask::Recall;
        subject.mostPairs = pairs;
        return subject;
    }
    if (const auto text = m_session.tokenized()) {
        for (int token = text->window.begin; token < text->window.end; ++token)
            subject.text.push_back(text->tokens[static_cast<std::size_t>(token)].id);
    }
    if (m_session.models().lstm)
        subject.vocabulary = m_session.models().lstm->vocabulary;
    return subject;
}

TrainingCourse TrainingWorkspace::wantedCourse() const
{
    const Settings& settings = m_session.settings();
    TrainingCourse course;
    course.way = static_cast<TrainingWay>(m_way->currentData().toInt());
    course.averageEvery = m_averageEvery->value();
    course.rows = settings.rows;
    course.subBatches = settings.subBatches;
    course.threads = settings.threads;
    course.learningRate = m_learningRate->currentData().toDouble();
    return course;
}

/// Of the training there is; before the first, as it would be.
TrainingResult TrainingWorkspace::result() const
{
    const auto& courses = m_runner.courses();
    return { m_runner.progress(ModelKind::Lstm), m_runner.progress(ModelKind::Attention),
        courses.empty() ? wantedCourse() : courses.back(), static_cast<int>(courses.size()) - 1,
        m_runner.subject() ? trainingSteps(*m_runner.subject()) : 0 };
}

QString TrainingWorkspace::obstacle() const
{
    if (m_task->currentData().toInt() > 0)
        return {};
    if (!m_session.models().lstm || !m_session.tokenized())
        return tr("the models are being made");
    if (m_session.tokenized()->window.count() < fewestTrainingTokens)
        return tr("type at least %1 tokens, or train on recall").arg(fewestTrainingTokens);
    return {};
}

bool TrainingWorkspace::taskChanged() const
{
    const TrainingSubject wanted = wantedSubject();
    const auto& subject = m_runner.subject();
    return !subject || subject->task != wanted.task
        || (wanted.task == TrainingTask::Recall && subject->mostPairs != wanted.mostPairs);
}

void TrainingWorkspace::toggle()
{
    if (m_runner.running())
        return m_runner.stop();
    if (!m_runner.begun() || taskChanged())
        return startAnew();
    m_lastNote.clear();
    m_runner.resume(wantedCourse());
}

void TrainingWorkspace::startAnew()
{
    if (!obstacle().isEmpty())
        return;
    m_lastNote.clear();
    m_sentenceAge.invalidate();
    m_lanesAge.invalidate();
    m_runner.start({ wantedSubject(), wantedCourse(), m_session.settings().memoryBudget });
}

std::vector<DataFormat> TrainingWorkspace::dataFormats() const
{
    // Any thread may write them: they hold copies.
    const auto written = [lstm = m_runner.progress(ModelKind::Lstm),
                             attention = m_runner.progress(ModelKind::Attention)](std::string (
                             *write)(const TrainingProgress&, const TrainingProgress&)) {
        return [lstm, attention, write] { return write(lstm, attention); };
    };
    return { { tr("steps, CSV"), QStringLiteral("csv"), written(trainingCsv) },
        { tr("steps and trials, JSON"), QStringLiteral("json"), written(trainingJson) } };
}

void TrainingWorkspace::setForPicture(bool forPicture) { m_side->setForPicture(forPicture); }

/// Of the training there is; before the first, of the one that would be.
QString TrainingWorkspace::choicesText() const
{
    const TrainingCourse course = result().course;
    const TrainingSubject subject = m_runner.subject() ? *m_runner.subject() : wantedSubject();
    const int pairs = subject.task == TrainingTask::Recall ? subject.mostPairs : 0;
    QStringList parts { m_task->itemText(m_task->findData(pairs)),
        m_way->itemText(m_way->findData(static_cast<int>(course.way))) };
    if (course.way == TrainingWay::AveragedCopies)
        parts << tr("every %1 steps").arg(course.averageEvery);
    parts << rowsText(course.rows) << tr("rate %1").arg(course.learningRate);
    if (m_runner.begun())
        parts << tr("reached: a loss of %1").arg(numberLocale().toString(m_figures->threshold()));
    return parts.join(tr(" · "));
}

void TrainingWorkspace::startForPicture()
{
    if (!obstacle().isEmpty())
        return;
    m_pictureSteps = stepsOfPicture;
    startAnew();
}

void TrainingWorkspace::takeCourse()
{
    m_runner.setCourse(wantedCourse());
    showAll();
}

void TrainingWorkspace::takeModels(const ModelPair& models)
{
    if (!m_before)
        m_before = m_session.modelNames();
    m_session.setModels(models);
    m_lastNote = m_runner.subject()->task == TrainingTask::Recall
        ? tr("kept; type e.g. q3=7 a9=1 q3=")
        : tr("kept: in every workspace");
    showBar();
}

/// Models that were read or made are read or made again, as if they had never left.
void TrainingWorkspace::putBack()
{
    m_session.openModels(
        std::exchange(m_before, std::nullopt).value_or(std::vector<std::string>()));
    m_lastNote = tr("the models from before are back");
    showBar();
}

void TrainingWorkspace::takeProgress()
{
    const auto& points = m_runner.progress(ModelKind::Attention).points;
    if (m_pictureSteps > 0 && points.size() >= static_cast<std::size_t>(m_pictureSteps)
        && m_runner.activity() == TrainingActivity::Training) {
        m_pictureSteps = 0;
        return m_runner.stop();
    }
    if (isVisible())
        showAll();
}

void TrainingWorkspace::showAll()
{
    showCurves();
    showLanes();
    showFigures();
    showBar();
    showSentence();
}

void TrainingWorkspace::showCurves()
{
    const auto axis = static_cast<LossAxis>(m_axis->currentData().toInt());
    std::vector<LossCurve> curves;
    for (const ModelKind kind : { ModelKind::Lstm, ModelKind::Attention })
        curves.push_back(lossCurve(kind, m_runner.progress(kind).points, axis));
    m_plot->setAxis(axis);
    m_plot->setEmptyText(m_runner.running() ? tr("the gradients are being compared first")
            : obstacle().isEmpty()          ? tr("press Train: the losses of both appear here")
                                            : obstacle());
    m_plot->setCurves(std::move(curves));
}

void TrainingWorkspace::showLanes()
{
    const bool fresh = m_runner.activity() == TrainingActivity::Training && m_lanesAge.isValid()
        && m_lanesAge.elapsed() < lanesDelay;
    if (fresh)
        return;
    m_lanesAge.start();
    const TrainingResult shown = result();
    LanesPicture lanes
        = trainingLanes(shown.lstm.traced.get(), shown.attention.traced.get(), shown.course);
    lanes.emptyText = tr("What each worker does in a training step will be shown here.");
    m_lanes->setPicture(std::move(lanes));
}

void TrainingWorkspace::showFigures()
{
    m_figures->show(trainingFigures(result(), m_figures->threshold()));
}

void TrainingWorkspace::showBar()
{
    const bool running = m_runner.running();
    const bool goesOn = m_runner.begun() && !taskChanged();
    m_bar->showNext(running ? TrainingBar::Next::Stop
            : goesOn        ? TrainingBar::Next::Continue
                            : TrainingBar::Next::Train,
        running ? m_runner.activity() != TrainingActivity::Stopping
                : goesOn || obstacle().isEmpty());
    m_bar->showTrained(m_runner.begun(), obstacle().isEmpty());
    m_bar->setPutBack(m_before.has_value());
    m_bar->setNote(noteText());
    m_bar->setProgress(progressText());
}

QString TrainingWorkspace::noteText() const
{
    if (m_runner.activity() == TrainingActivity::Checking)
        return tr("comparing gradients, timing the ways to split");
    if (!m_lastNote.isEmpty())
        return m_lastNote;
    if (!m_runner.begun())
        return obstacle();
    if (wantedSubject() != *m_runner.subject())
        return tr("something else is set now: Start anew trains on it");
    return {};
}

QString TrainingWorkspace::progressText() const
{
    if (!m_runner.subject() || !m_runner.begun())
        return {};
    const auto& subject = *m_runner.subject();
    const int steps = trainingSteps(subject);
    return tr("step <b>%1</b> · rows of %2 tokens")
        .arg(countNumber(m_runner.progress(ModelKind::Attention).points.back().step.number))
        .arg(steps);
}

void TrainingWorkspace::showSentence()
{
    const QString sentence = trainingSentence(result(), m_runner.running());
    const bool fresh = m_runner.activity() == TrainingActivity::Training && m_sentenceAge.isValid()
        && m_sentenceAge.elapsed() < sentenceDelay;
    if (sentence == m_sentence || fresh)
        return;
    m_sentence = sentence;
    m_sentenceAge.start();
    emit sentenceChanged();
}

void TrainingWorkspace::showEvent(QShowEvent* event)
{
    Workspace::showEvent(event);
    showAll();
}

void TrainingWorkspace::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier)
        return toggle();
    Workspace::keyPressEvent(event);
}

} // namespace timestep

#include "moc_training_workspace.cpp"
