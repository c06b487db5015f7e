// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/text_field.h"

#include "ui/models/number_text.h"
#include "ui/models/typed_text.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QDropEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QStyle>

#include <limits>
#include <utility>

namespace timestep {

namespace {

/// As much of a long text's beginning as any window can show.
constexpr std::size_t excerptBytes = 400;
constexpr std::size_t mostEarlierTexts = 16; // a megabyte each is not much

bool types(const QKeyEvent& event)
{
    return !event.text().isEmpty() && event.text().front().isPrint()
        && !(event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
}

} // namespace

TextField::TextField(QWidget* parent)
    : QLineEdit(parent)
{
    setObjectName(QStringLiteral("textField"));
    setMaxLength(std::numeric_limits<int>::max());
    setPlaceholderText(tr("Type a text: both models read it as you type"));
    setAccessibleName(tr("Text"));
    setAccessibleDescription(tr("Both models read it as you type. Shift+Enter types a newline."));
    connect(this, &QLineEdit::textEdited, this, &TextField::takeEdited);
}

const std::string& TextField::bytes() const { return m_bytes; }

void TextField::setBytes(const std::string& bytes)
{
    if (bytes == m_bytes)
        return;
    replaceAll(bytes);
}

void TextField::extendBytes(const std::string& bytes, bool sameEdit)
{
    if (!sameEdit)
        return setBytes(bytes);
    m_bytes = bytes;
    showBytes();
}

bool TextField::lengthy() const { return m_bytes.size() > mostEditableBytes; }

void TextField::showBytes()
{
    if (lengthy()) {
        setText(tr("%1 bytes: %2…")
                    .arg(countNumber(static_cast<qint64>(m_bytes.size())),
                        lineFromBytes(std::string_view(m_bytes).substr(0, excerptBytes))));
        setCursorPosition(0);
        setToolTip(
            tr("Too long to edit here: what is typed or pasted replaces it, Delete clears it, and "
               "Ctrl+Z brings it back"));
    } else {
        setText(lineFromBytes(m_bytes));
        setToolTip({});
    }
    setReadOnly(lengthy());
    setProperty("lengthy", lengthy());
    style()->unpolish(this);
    style()->polish(this);
}

void TextField::takeEdited(const QString& line)
{
    std::string bytes = bytesFromLine(line);
    if (bytes.size() > mostEditableBytes) {
        replaceAll(bytes);
    } else {
        m_bytes = std::move(bytes);
        m_later.clear();
    }
    emit bytesEdited(m_bytes);
}

/// Shows other bytes in the place of all there were, which undo can bring back.
void TextField::replaceAll(const std::string& bytes)
{
    if (!m_bytes.empty())
        m_earlier.push_back(std::move(m_bytes));
    if (m_earlier.size() > mostEarlierTexts)
        m_earlier.erase(m_earlier.begin());
    m_later.clear();
    m_bytes = bytes;
    showBytes();
}

/// What is typed takes the place of a text that is too long to edit.
void TextField::replaceLengthy() { replaceAll({}); }

bool TextField::undoes() const
{
    return (!isReadOnly() && isUndoAvailable()) || !m_earlier.empty();
}

/// Letter by letter as far as the line edit remembers, then the whole text before.
void TextField::undoEdit()
{
    if (!isReadOnly() && isUndoAvailable()) {
        undo();
        // What was typed over a whole text is gone: that text is what was meant.
        if (!m_bytes.empty() || isUndoAvailable())
            return;
    }
    exchange(m_earlier, m_later);
}

void TextField::redoEdit()
{
    if (!isReadOnly() && isRedoAvailable())
        return redo();
    exchange(m_later, m_earlier);
}

void TextField::exchange(std::vector<std::string>& from, std::vector<std::string>& to)
{
    if (from.empty())
        return;
    to.push_back(std::exchange(m_bytes, std::move(from.back())));
    from.pop_back();
    showBytes();
    emit bytesEdited(m_bytes);
}

void TextField::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->matches(QKeySequence::Paste))
        return pasteText();
    if (event->matches(QKeySequence::Copy))
        return copySelection();
    if (event->matches(QKeySequence::Undo))
        return undoEdit();
    if (event->matches(QKeySequence::Redo))
        return redoEdit();
    if (event->matches(QKeySequence::Cut)) {
        copySelection();
        return insertText({});
    }
    if (enter && event->modifiers() & Qt::ShiftModifier)
        return insertText(QStringLiteral("\n"));
    if (lengthy() && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace))
        return insertText({});
    if (lengthy() && types(*event))
        return insertText(event->text());
    QLineEdit::keyPressEvent(event);
}

void TextField::inputMethodEvent(QInputMethodEvent* event)
{
    if (lengthy() && !event->commitString().isEmpty())
        replaceLengthy();
    QLineEdit::inputMethodEvent(event);
}

void TextField::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    QAction* undone = menu.addAction(tr("Undo"));
    menu.addSeparator();
    QAction* cut = menu.addAction(tr("Cut"));
    QAction* copy = menu.addAction(tr("Copy"));
    QAction* paste = menu.addAction(tr("Paste"));
    menu.addSeparator();
    QAction* all = menu.addAction(tr("Select all"));
    undone->setEnabled(undoes());
    cut->setEnabled(hasSelectedText() && !lengthy());
    copy->setEnabled(hasSelectedText() || lengthy());
    const QAction* chosen = menu.exec(event->globalPos());
    if (chosen == undone) {
        undoEdit();
    } else if (chosen == cut) {
        copySelection();
        insertText({});
    } else if (chosen == copy) {
        copySelection();
    } else if (chosen == paste) {
        pasteText();
    } else if (chosen == all) {
        selectAll();
    }
}

void TextField::dropEvent(QDropEvent* event)
{
    if (!event->mimeData()->hasText())
        return;
    insertText(event->mimeData()->text());
    event->acceptProposedAction();
}

void TextField::pasteText() { insertText(QGuiApplication::clipboard()->text()); }

/// The selection as it is in the text: real newlines. Of a long text, all of it.
void TextField::copySelection() const
{
    const std::string copied = lengthy() ? m_bytes : bytesFromLine(selectedText());
    if (!copied.empty())
        QGuiApplication::clipboard()->setText(QString::fromStdString(copied));
}

/// Puts `text` in the place of the selection; nothing of a long text is laid out as a line.
void TextField::insertText(const QString& text)
{
    if (lengthy())
        replaceLengthy();
    const std::string inserted = text.toStdString();
    if (inserted.size() + m_bytes.size() <= mostEditableBytes) {
        insert(lineFromBytes(inserted));
        takeEdited(this->text());
        return;
    }
    const QString line = this->text();
    const int begin = hasSelectedText() ? selectionStart() : cursorPosition();
    const int end = hasSelectedText() ? selectionEnd() : begin;
    replaceAll(bytesFromLine(line.left(begin)) + inserted + bytesFromLine(line.mid(end)));
    emit bytesEdited(m_bytes);
}

} // namespace timestep

#include "moc_text_field.cpp"
