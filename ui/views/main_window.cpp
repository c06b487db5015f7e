// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/main_window.h"

#include "ui/models/model_line.h"
#include "ui/models/number_text.h"
#include "ui/session/continuation.h"
#include "ui/session/playback_clock.h"
#include "ui/session/session.h"
#include "ui/views/chip_strip.h"
#include "ui/views/chips_bar.h"
#include "ui/views/elided_label.h"
#include "ui/views/fonts.h"
#include "ui/views/frame_export.h"
#include "ui/views/key_sheet.h"
#include "ui/views/letter_keys.h"
#include "ui/views/message_bar.h"
#include "ui/views/model_folder_drop.h"
#include "ui/views/more_panel.h"
#include "ui/views/next_token_panel.h"
#include "ui/views/pair_opener.h"
#include "ui/views/run_bar.h"
#include "ui/views/settings_panel.h"
#include "ui/views/style_sheet.h"
#include "ui/views/text_field.h"
#include "ui/views/theme.h"
#include "ui/views/top_bar.h"
#include "ui/views/view_export.h"
#include "ui/views/wheel_guard.h"
#include "ui/views/whole_picture.h"
#include "ui/views/workspace.h"
#include "ui/views/workspace_tabs.h"

#include <QApplication>
#include <QFileDialog>
#include <QFrame>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr double presentationScale = 1.6; // labels of 24 px
constexpr int tallEnough
    = 800; // below this height, at 100 %, the picture needs the sentence's room
constexpr int lowWindow = 640; // below this, every bar is as low as it can be
constexpr int stepsNumber = 1; // the workspace whose layer is that of the plan

/// The system's theme is that of its palette, once ours is taken away.
const Theme& chosenTheme(ThemeChoice choice)
{
    if (choice == ThemeChoice::System)
        QApplication::setPalette(QPalette());
    const bool dark = choice == ThemeChoice::System ? Theme::of(QApplication::palette()).dark
                                                    : choice == ThemeChoice::Dark;
    return dark ? Theme::darkTheme() : Theme::light();
}

int workspaceOf(WindowCommand command)
{
    return static_cast<int>(command) - static_cast<int>(WindowCommand::ShowWorkspace1) + 1;
}

} // namespace

MainWindow::MainWindow(Session& session, QWidget* parent)
    : QMainWindow(parent)
    , m_session(session)
    , m_topBar(new TopBar(session))
    , m_chips(new ChipsBar(session))
    , m_continuation(new Continuation(session, this))
    , m_nextToken(new NextTokenPanel(session, *m_continuation))
    , m_message(new MessageBar)
    , m_pairs(new PairOpener(session, *m_message, this))
    , m_export(new ViewExport(*this))
    , m_frames(new FrameExport(this))
    , m_runBar(new RunBar(session))
    , m_settings(new SettingsPanel(session))
    , m_more(nullptr)
    , m_keySheet(nullptr)
{
    setWindowTitle(QStringLiteral("Timestep"));
    layOut();
    m_more = new MorePanel(session, centralWidget());
    m_more->hide();
    m_keySheet = new KeySheet(centralWidget());
    new ModelFolderDrop(
        *this, centralWidget(), [this](const auto& folders) { openModelFolders(folders); });
    makeShortcuts();
    new WheelGuard(*this);
    new LetterKeys(*this, [this](WindowCommand command) { execute(command); });
    connect(&session, &Session::failed, this, [this](const QString& message) {
        m_opensModels = false;
        m_message->showMessage(message);
    });
    connect(m_continuation, &Continuation::failed, m_message, &MessageBar::showMessage);
    connect(m_nextToken, &NextTokenPanel::foldedChanged, this, [this](bool folded) {
        ViewSettings view = m_view;
        view.nextTokenFolded = folded;
        setViewSettings(view);
    });
    connect(m_export, &ViewExport::failed, m_message, &MessageBar::showMessage);
    connect(m_export, &ViewExport::framesChosen, this, &MainWindow::saveFrames);
    connect(m_frames, &FrameExport::failed, m_message, &MessageBar::showMessage);
    connect(m_frames, &FrameExport::finished, this, [this](int frames, const QString& first) {
        m_message->showMessage(tr("%1 pictures written, the first is %2").arg(frames).arg(first));
    });
    connect(m_topBar, &TopBar::failed, m_message, &MessageBar::showMessage);
    connect(m_topBar, &TopBar::pairChosen, m_pairs, &PairOpener::openPair);
    connect(m_topBar, &TopBar::sampleChosen, m_pairs, &PairOpener::openSample);
    connect(&session, &Session::modelsChanged, this, &MainWindow::takeModels);
    connect(m_settings, &SettingsPanel::moreToggled, this, &MainWindow::showMore);
    connect(m_more, &MorePanel::closeRequested, this, [this] { m_settings->setMoreShown(false); });
    connect(m_more, &MorePanel::pairChosen, m_pairs, &PairOpener::openPair);
    connect(m_more, &MorePanel::openModelRequested, this, &MainWindow::chooseModelFolder);
    connect(m_more, &MorePanel::viewSettingsChosen, this, &MainWindow::setViewSettings);
    takeModels();
    applyLook();
}

void MainWindow::layOut()
{
    m_bottom = new QFrame;
    m_bottom->setObjectName(QStringLiteral("bottomBar"));
    m_bottomStack = new QStackedWidget;
    auto* bottomLayout = new QVBoxLayout(m_bottom);
    bottomLayout->setContentsMargins(0, 1, 0, 0);
    bottomLayout->addWidget(m_bottomStack);

    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_settings);
    middle->addWidget(makeCentre(), 1);

    auto* central = new QWidget;
    auto* layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_topBar);
    layout->addWidget(m_chips);
    layout->addWidget(m_nextToken);
    layout->addWidget(m_message);
    layout->addLayout(middle, 1);
    layout->addWidget(m_bottom);
    setCentralWidget(central);
}

QWidget* MainWindow::makeCentre()
{
    m_tabStrip = new QWidget;
    m_tabStrip->setObjectName(QStringLiteral("tabStrip"));
    m_tabs = new WorkspaceTabs;
    m_untrained = new ElidedLabel;
    m_untrained->setProperty("role", "untrained");
    auto* stripLayout = new QHBoxLayout(m_tabStrip);
    stripLayout->setContentsMargins(16, 8, 20, 0);
    stripLayout->addWidget(m_tabs, 0, Qt::AlignBottom);
    stripLayout->addStretch(1);
    stripLayout->addWidget(m_untrained, 0, Qt::AlignVCenter);

    m_sentence = new QLabel;
    m_sentence->setObjectName(QStringLiteral("sentence"));
    m_sentence->setProperty("role", "sentence");
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setMinimumHeight(1);
    m_stack = new QStackedWidget;
    m_stack->setObjectName(QStringLiteral("workspaces"));
    m_picture = new QWidget;
    auto* pictureLayout = new QVBoxLayout(m_picture);
    pictureLayout->setContentsMargins(20, 16, 20, 12);
    pictureLayout->setSpacing(10);
    pictureLayout->addWidget(m_sentence);
    pictureLayout->addWidget(m_stack, 1);

    auto* centre = new QWidget;
    centre->setObjectName(QStringLiteral("centre"));
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabStrip);
    layout->addWidget(m_runBar);
    layout->addWidget(m_picture, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &MainWindow::takeWorkspace);
    return centre;
}

void MainWindow::makeShortcuts()
{
    for (const WindowKey& key : windowKeys()) {
        for (const QKeySequence& sequence : key.keys) {
            if (!actsEverywhere(sequence[0]))
                continue;
            auto* shortcut = new QShortcut(sequence, this);
            // Held down, the key must not stop what it has just begun.
            shortcut->setAutoRepeat(key.command != WindowCommand::RunAllRows);
            connect(shortcut, &QShortcut::activated, this,
                [this, command = key.command] { execute(command); });
        }
    }
}

void MainWindow::addWorkspace(int number, Workspace* workspace)
{
    // Where a picture needs more room than there is, it scrolls; nothing is cut off.
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(workspace);
    m_workspaces.push_back({ number, workspace });
    m_stack->addWidget(scroll);
    if (QWidget* bar = workspace->bottomBar())
        m_bottomStack->addWidget(bar);
    connect(workspace, &Workspace::sentenceChanged, this, &MainWindow::takeSentence);
    m_tabs->addWorkspaceTab(number, workspace->title());
    applyMotion();
    takeWorkspace(m_tabs->currentIndex());
}

Workspace* MainWindow::workspace(int number) const
{
    for (const Entry& entry : m_workspaces) {
        if (entry.number == number)
            return entry.workspace;
    }
    return nullptr;
}

int MainWindow::currentWorkspace() const
{
    const auto index = static_cast<std::size_t>(m_tabs->currentIndex());
    return index < m_workspaces.size() ? m_workspaces[index].number : 0;
}

void MainWindow::showWorkspace(int number)
{
    for (std::size_t i = 0; i < m_workspaces.size(); ++i) {
        if (m_workspaces[i].number == number)
            m_tabs->setCurrentIndex(static_cast<int>(i));
    }
}

void MainWindow::takeWorkspace(int index)
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_workspaces.size())
        return;
    m_frames->stop(); // they would go on with another picture
    Workspace* workspace = m_workspaces[static_cast<std::size_t>(index)].workspace;
    const bool hadFocus = m_stack->isAncestorOf(focusWidget());
    m_stack->setCurrentIndex(index);
    m_settings->showWorkers(workspace->workers());
    m_settings->showPlanSwitches(workspace->showsPlan());
    if (hadFocus)
        workspace->setFocus(); // rather than whatever control comes next
    QWidget* bar = workspace->bottomBar();
    m_bottom->setVisible(bar != nullptr);
    if (bar)
        m_bottomStack->setCurrentWidget(bar);
    for (const Entry& entry : m_workspaces) {
        if (entry.workspace->clock() && entry.workspace != workspace)
            entry.workspace->clock()->pause();
    }
    takeSentence();
}

void MainWindow::takeSentence()
{
    const Workspace* current = workspace(currentWorkspace());
    const QString whole = current ? current->sentence() : QString();
    const bool brief = current && (isLow() || (isCompact() && current->briefIsEnough()));
    const QString sentence = brief ? current->briefSentence() : whole;
    const QString shown = withUnbrokenQuantities(sentence);
    if (shown != m_sentence->text())
        m_sentence->setText(shown);
    m_sentence->setToolTip(sentence == whole ? QString() : whole);
    m_sentence->setVisible(!sentence.isEmpty());
}

void MainWindow::takeModels()
{
    const QString note = untrainedNote(m_session.models());
    m_untrained->setFullText(note);
    m_untrained->setVisible(!note.isEmpty());
    if (std::exchange(m_opensModels, false)) {
        const ModelPair& models = m_session.models();
        m_message->showMessage(tr("Opened. LSTM: %1. Attention: %2.")
                                   .arg(modelLine(*models.lstm), modelLine(*models.attention)));
    }
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    if (const auto command = plainKeyCommand(*event))
        execute(*command);
    else
        QMainWindow::keyPressEvent(event);
}

void MainWindow::execute(WindowCommand command)
{
    switch (command) {
    case WindowCommand::PlayPause:
        return moveClock(&PlaybackClock::toggle);
    case WindowCommand::NextEvent:
        return moveClock(&PlaybackClock::playToNextEvent);
    case WindowCommand::StepBack:
        return moveClock(&PlaybackClock::stepBack);
    case WindowCommand::StepForward:
        return moveClock(&PlaybackClock::stepForward);
    case WindowCommand::First:
        return moveClock(&PlaybackClock::toFirst);
    case WindowCommand::Last:
        return moveClock(&PlaybackClock::toLast);
    case WindowCommand::ShowWorkspace1:
    case WindowCommand::ShowWorkspace2:
    case WindowCommand::ShowWorkspace3:
    case WindowCommand::ShowWorkspace4:
    case WindowCommand::ShowWorkspace5:
    case WindowCommand::ShowWorkspace6:
        showWorkspace(workspaceOf(command));
        return focusPicture();
    case WindowCommand::PreviousHead:
        return stepHead(-1);
    case WindowCommand::NextHead:
        return stepHead(1);
    case WindowCommand::PreviousLayer:
        return stepLayer(-1);
    case WindowCommand::NextLayer:
        return stepLayer(1);
    case WindowCommand::ToggleCausal:
        return toggleCausal();
    case WindowCommand::CriticalPath:
        return withCurrent(&Workspace::toggleCriticalPath);
    case WindowCommand::Dependencies:
        return withCurrent(&Workspace::toggleDependencies);
    case WindowCommand::PinHovered:
        return pinPointed();
    case WindowCommand::Clear:
        return clear();
    case WindowCommand::ShowKeys:
        return m_keySheet->toggle();
    case WindowCommand::RunAllRows:
        return m_session.toggleAllRows();
    case WindowCommand::SaveView:
        return saveView();
    case WindowCommand::OpenModel:
        return chooseModelFolder();
    case WindowCommand::FocusText:
        m_topBar->textField()->setFocus(Qt::ShortcutFocusReason);
        return m_topBar->textField()->selectAll();
    case WindowCommand::Presentation: {
        ViewSettings view = m_view;
        view.presentation = !view.presentation;
        // The picture needs the room; whoever wants the next tokens unfolds them.
        if (view.presentation)
            m_foldedBefore = std::exchange(view.nextTokenFolded, true);
        else
            view.nextTokenFolded = m_foldedBefore;
        setViewSettings(view);
        if (!m_topBar->textField()->hasFocus())
            focusPicture(); // the side pane may have had the focus
        return;
    }
    case WindowCommand::Larger:
        return setScale(m_view.scale * 1.1);
    case WindowCommand::Smaller:
        return setScale(m_view.scale / 1.1);
    case WindowCommand::NormalSize:
        return setScale(1);
    }
}

PlaybackClock* MainWindow::currentClock() const
{
    Workspace* current = workspace(currentWorkspace());
    return current ? current->clock() : nullptr;
}

void MainWindow::moveClock(void (PlaybackClock::*change)())
{
    if (PlaybackClock* clock = currentClock())
        (clock->*change)();
}

void MainWindow::withCurrent(void (Workspace::*action)())
{
    if (Workspace* current = workspace(currentWorkspace()))
        (current->*action)();
}

void MainWindow::pinPointed()
{
    Workspace* current = workspace(currentWorkspace());
    if (current && current->pinPointed())
        return;
    if (const auto hovered = m_session.selection().hoveredToken())
        m_session.selection().pinToken(hovered);
}

/// So that keys go to the picture, not to a control that happens to be next.
void MainWindow::focusPicture()
{
    if (Workspace* current = workspace(currentWorkspace()))
        current->setFocus();
}

/// What is under way goes first, then what lies on top: the panel, the message, then the pin, then
/// the presentation. With nothing left to clear, Esc leads out of a field to the picture.
void MainWindow::clear()
{
    if (m_continuation->running())
        return m_continuation->stop();
    if (m_frames->running()) {
        m_message->hide();
        return m_frames->stop();
    }
    if (m_session.runsAllRows())
        return m_session.cancelAllRows();
    const Selection& selection = m_session.selection();
    if (m_keySheet->isVisible())
        m_keySheet->hide();
    else if (m_more->isVisible())
        m_settings->setMoreShown(false);
    else if (m_message->isVisible())
        m_message->hide();
    else if (selection.pinnedToken() || selection.hoveredToken())
        m_session.selection().clear();
    else if (Workspace* current = workspace(currentWorkspace()); current && current->clearOwn())
        return;
    else if (m_view.presentation)
        execute(WindowCommand::Presentation);
    else
        focusPicture();
}

void MainWindow::stepHead(int direction)
{
    const ModelPointer& attention = m_session.models().attention;
    if (!attention)
        return;
    Selection& selection = m_session.selection();
    const int head = std::clamp(selection.head() + direction, 0, attention->shape.heads - 1);
    selection.setHead(selection.layer(), head);
}

void MainWindow::stepLayer(int direction)
{
    const ModelPointer& attention = m_session.models().attention;
    if (!attention)
        return;
    if (workspace(currentWorkspace())->stepLayer(direction))
        return;
    if (currentWorkspace() == stepsNumber) {
        Settings settings = m_session.settings();
        settings.plannedLayer += direction;
        return m_session.setSettings(settings);
    }
    Selection& selection = m_session.selection();
    const int layer = std::clamp(selection.layer() + direction, 0, attention->shape.layers - 1);
    selection.setHead(layer, selection.head());
}

void MainWindow::toggleCausal()
{
    Settings settings = m_session.settings();
    settings.causal = !settings.causal;
    m_session.setSettings(settings);
}

/// With what else must be known to read it: models that have learned nothing.
std::unique_ptr<WholePicture> MainWindow::layOutPicture(QSize size) const
{
    Workspace& current = *workspace(currentWorkspace());
    QStringList caption { current.choicesText(), untrainedNote(m_session.models()) };
    caption.removeAll(QString());
    return std::make_unique<WholePicture>(*m_picture, current, caption.join(tr(" · ")), size);
}

QByteArray MainWindow::wholePicture(PictureFormat format, QSize size) const
{
    const auto laidOut = layOutPicture(size);
    return pictureOf(*m_picture, format);
}

QSize MainWindow::wholePictureSize() const { return layOutPicture()->size(); }

bool MainWindow::workspaceScrolls() const
{
    const auto areas = m_picture->findChildren<QAbstractScrollArea*>();
    return std::any_of(areas.begin(), areas.end(), [](const QAbstractScrollArea* area) {
        return area->isVisible() && area->verticalScrollBar()->maximum() > 0;
    });
}

void MainWindow::saveView()
{
    const Workspace* current = workspace(currentWorkspace());
    if (current)
        m_export->choose([this](PictureFormat format) { return wholePicture(format); },
            QStringLiteral("timestep"), current->dataFormats(), currentClock());
}

void MainWindow::saveFrames(const QString& pattern)
{
    PlaybackClock* clock = currentClock();
    if (!clock)
        return;
    const int frames = FrameExport::framesOf(*clock);
    m_message->showMessage(tr("Writing %1 pictures… Esc stops").arg(frames));
    const auto picture = [this, size = wholePictureSize()](
                             PictureFormat format) { return wholePicture(format, size); };
    m_frames->start(picture, *clock, pattern, frames);
}

void MainWindow::chooseModelFolder()
{
    QFileDialog dialog(this, tr("Open a model folder"));
    dialog.setFileMode(QFileDialog::Directory);
    dialog.setOption(QFileDialog::ShowDirsOnly);
    if (dialog.exec() == QDialog::Accepted)
        openModelFolders({ dialog.selectedFiles().constFirst().toStdString() });
}

void MainWindow::openModelFolders(const std::vector<std::filesystem::path>& folders)
{
    std::vector<std::string> names;
    QStringList shown;
    for (const std::filesystem::path& folder : folders) {
        names.push_back(folder.string());
        shown << QString::fromStdString(names.back());
    }
    m_message->showMessage(tr("Opening %1…").arg(shown.join(QStringLiteral(", "))));
    m_opensModels = true;
    if (names.size() == 1)
        m_session.openModel(names.front());
    else
        m_session.openModels(names);
}

void MainWindow::showMore(bool shown)
{
    m_more->setVisible(shown);
    if (!shown)
        return;
    placeMore();
    m_more->raise();
    m_more->showViewSettings(m_view);
}

/// Beside the button that opened it, as tall as there is room for.
void MainWindow::placeMore()
{
    const int margin = 8;
    const QWidget* centre = m_tabStrip->parentWidget();
    const QPoint corner = centre->mapTo(centralWidget(), QPoint(margin, margin));
    const QSize wanted = m_more->sizeHint();
    const int height = std::min(wanted.height(), centre->height() - 2 * margin);
    const int width = std::min(wanted.width(), centre->width() - 2 * margin);
    m_more->setGeometry(
        corner.x(), corner.y() + centre->height() - 2 * margin - height, width, height);
}

const ViewSettings& MainWindow::viewSettings() const { return m_view; }

void MainWindow::setViewSettings(const ViewSettings& settings)
{
    const ViewSettings before = std::exchange(m_view, settings);
    if (m_view == before)
        return;
    if (m_view.presentation != before.presentation) {
        m_settings->setMoreShown(false);
        m_settings->setVisible(!m_view.presentation);
        setWindowState(windowState().setFlag(Qt::WindowFullScreen, m_view.presentation));
    }
    m_nextToken->setFolded(m_view.nextTokenFolded);
    ViewSettings look = m_view;
    look.nextTokenFolded = before.nextTokenFolded;
    if (look != before)
        applyLook();
    emit viewSettingsChanged();
}

void MainWindow::setScale(double scale)
{
    ViewSettings view = m_view;
    view.scale = std::clamp(scale, 0.7, 2.5);
    setViewSettings(view);
}

void MainWindow::applyLook()
{
    const Theme& theme = chosenTheme(m_view.theme);
    const double scale = m_view.scale * (m_view.presentation ? presentationScale : 1);
    const QFont font = sansFont(qRound(baseFontPixels * scale));
    // A style sheet that goes puts back the palettes it found, so it goes before they change; and
    // while there is none, the window hands its font and palette down to the widgets in it.
    setStyleSheet({});
    setFont(font);
    setPalette(theme.palette());
    QApplication::setFont(font); // of menus and dialogs
    QApplication::setPalette(theme.palette());
    fitSentence();
    setStyleSheet(timestep::styleSheet(theme, scale));
    applyMotion();
    fitWindow();
    if (m_more->isVisible())
        placeMore();
}

void MainWindow::applyMotion()
{
    const bool reduced = m_view.motion == Motion::Reduced
        || (m_view.motion == Motion::System && systemReducesMotion());
    for (const Entry& entry : m_workspaces) {
        if (PlaybackClock* clock = entry.workspace->clock())
            clock->setReducedMotion(reduced);
    }
}

/// In a low window the sentence is smaller, so that the picture keeps its room.
void MainWindow::fitSentence()
{
    const QString size = m_view.presentation ? QStringLiteral("presentation")
        : isCompact()                        ? QStringLiteral("compact")
                                             : QStringLiteral("normal");
    if (m_sentence->property("sentenceSize").toString() == size)
        return;
    m_sentence->setProperty("sentenceSize", size);
    m_sentence->style()->unpolish(m_sentence);
    m_sentence->style()->polish(m_sentence);
}

bool MainWindow::isCompact() const
{
    return height() < tallEnough * m_view.scale && !m_view.presentation;
}

bool MainWindow::isLow() const
{
    return height() < lowWindow * m_view.scale * (m_view.presentation ? presentationScale : 1);
}

/// What a small window has no room for.
void MainWindow::fitWindow()
{
    const double scale = m_view.scale * (m_view.presentation ? presentationScale : 1);
    fitSentence();
    takeSentence(); // which is shorter in a low window
    m_nextToken->fit(size(), scale);
    const bool low = isLow();
    m_topBar->layout()->setContentsMargins(16, low ? 6 : 10, 16, low ? 6 : 10);
    m_tabStrip->layout()->setContentsMargins(16, low ? 3 : 8, 20, 0);
    const bool compact = m_sentence->property("sentenceSize") == QStringLiteral("compact");
    m_picture->layout()->setContentsMargins(20,
        low           ? 3
            : compact ? 8
                      : 16,
        20,
        low           ? 2
            : compact ? 6
                      : 12);
    m_picture->layout()->setSpacing(low ? 2 : compact ? 4 : 10);
}

bool MainWindow::event(QEvent* event)
{
    // Later: the system's new palette has to be there first.
    if (event->type() == QEvent::ThemeChange && m_view.theme == ThemeChoice::System)
        QMetaObject::invokeMethod(this, &MainWindow::applyLook, Qt::QueuedConnection);
    return QMainWindow::event(event);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    fitWindow();
    if (m_more->isVisible())
        placeMore();
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (!event->spontaneous())
        m_topBar->textField()->setFocus();
}

} // namespace timestep

#include "moc_main_window.cpp"
