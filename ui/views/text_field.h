// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

#include <string>
#include <vector>

namespace timestep {

/// The text, as one line: newlines are shown as ⏎ (Shift+Enter types one), and every byte is kept
/// as it is. A text too long to edit letter by letter is shown by its beginning and its size; it
/// can be replaced or cleared, and whatever is typed then takes its place. Undo brings back whole
/// texts that were replaced, too, which Qt's line edit forgets.
class TextField : public QLineEdit
{
    Q_OBJECT
public:
    /// Longer ones are not laid out as one line: that would take longer than a frame.
    static constexpr std::size_t mostEditableBytes = 8000;

    explicit TextField(QWidget* parent = nullptr);

    const std::string& bytes() const;
    /// Shows them; says nothing.
    void setBytes(const std::string& bytes);
    /// The same, of a text that a model goes on with: all that it writes is one edit to undo.
    void extendBytes(const std::string& bytes, bool sameEdit);

signals:
    void bytesEdited(const std::string& bytes); // by the user

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void pasteText();
    void copySelection() const;
    void insertText(const QString& text);
    void takeEdited(const QString& line);
    void replaceLengthy();
    void replaceAll(const std::string& bytes);
    void undoEdit();
    void redoEdit();
    void exchange(std::vector<std::string>& from, std::vector<std::string>& to);
    bool undoes() const; // there is something to undo
    void showBytes();
    bool lengthy() const;

    std::string m_bytes;
    std::vector<std::string> m_earlier, m_later; // whole texts, for undo and redo
};

} // namespace timestep
